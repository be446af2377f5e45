import type { UploaderOptions } from '../../engine/index.js';
import { EngineRegistry } from './engine-registry.js';

/** Settings of an engine that the widget makes for itself. */
export type EngineSettings = Omit<UploaderOptions, 'endpoint' | 'provider' | 'polling' | 'ports'>;

/** The engines of this page. */
export const engines = new EngineRegistry<EngineSettings>();
