import type { KeyboardEvent, MouseEvent, RefObject } from 'react';

type Control = HTMLInputElement | HTMLButtonElement;

/** Inputs for which Enter does something else than submit. */
const withEnterOfTheirOwn = new Set(['button', 'color', 'file', 'image', 'reset', 'submit']);

/**
 * Makes Enter and submit buttons save the dialog, and checks its fields first, as a form does. The dialog is no form,
 * because it may be inside a form of the host's: forms cannot be nested, and these fields would submit that one.
 */
export function useSubmit(dialog: RefObject<HTMLElement | null>, save: () => void) {
  const submit = () => {
    const isValid = [...(dialog.current?.querySelectorAll<HTMLInputElement>('*') ?? [])].every(
      (field) => typeof field.reportValidity !== 'function' || field.reportValidity(),
    );
    if (isValid) save();
  };
  /** True for what is in a form that the host's own fields bring along. */
  const hasOwnForm = ({ form }: Control) => form !== null && dialog.current?.contains(form) === true;
  return {
    submit,
    onKeyDown: (event: KeyboardEvent) => {
      const { target } = event;
      if (event.key !== 'Enter' || event.defaultPrevented || !(target instanceof HTMLInputElement)) return;
      // An Enter that ends the choice of a Chinese or Japanese word is not meant for us.
      if (event.nativeEvent.isComposing || withEnterOfTheirOwn.has(target.type) || hasOwnForm(target)) return;
      event.preventDefault();
      submit();
    },
    onClick: (event: MouseEvent) => {
      const control = event.target instanceof Element && event.target.closest<Control>('button, input');
      if (!control || event.defaultPrevented || hasOwnForm(control)) return;
      if (!['submit', 'image', 'reset'].includes(control.type)) return;
      event.preventDefault();
      if (control.type !== 'reset') submit();
    },
  };
}
