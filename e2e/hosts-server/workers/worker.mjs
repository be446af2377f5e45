import { createTokenEndpoint } from 'vodrop/server';
import { optionsFrom } from '../uploads.mjs';

let endpoint;

export default {
  fetch(request, env) {
    // Keys are known only with a request; an isolate keeps its endpoint.
    endpoint ??= createTokenEndpoint(optionsFrom(env));
    return endpoint(request);
  },
};
