/** Whether what is uploaded is transcoded, which the endpoint says to pages. */
export interface TranscodingOption {
  /**
   * Whether the cloud makes versions that browsers play: the notes of the widget say so of a codec that not every browser
   * plays. Default: yes where these settings name a template or workflow, and otherwise not known.
   */
  readonly transcodes?: boolean;
}

/** Undefined: not known. */
export function transcodes(
  { transcodes: isSet }: TranscodingOption,
  ...templates: readonly (string | undefined)[]
): boolean | undefined {
  return isSet ?? (templates.some((template) => template !== undefined) || undefined);
}
