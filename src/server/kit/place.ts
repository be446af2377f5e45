/**
 * Throws `TypeError`, with the remedy, for a region or an endpoint that no request can be sent to. Both may be absent
 * here: which of them a provider needs, it says itself.
 */
export function checkPlace(
  service: string,
  { region, endpoint }: { readonly region?: string | undefined; readonly endpoint?: string | undefined },
): void {
  if (region !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(region))
    throw new TypeError(
      `${service}: ${JSON.stringify(region)} is not a region; write its id as the console does, as in "eu-central-1".`,
    );
  if (endpoint !== undefined && !(/^https?:\/\//.test(endpoint) && URL.canParse(endpoint)))
    throw new TypeError(
      `${service}: ${JSON.stringify(endpoint)} is not an endpoint; write a URL, as in "https://s3.example.com".`,
    );
}
