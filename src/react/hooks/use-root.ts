import { createContext, useContext, type RefObject } from 'react';

/** The root element of the widget. */
export const RootContext = createContext<RefObject<HTMLElement | null>>({ current: null });

export const useRoot = (): RefObject<HTMLElement | null> => useContext(RootContext);
