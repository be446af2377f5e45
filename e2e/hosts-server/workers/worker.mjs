import { createTokenEndpoint } from 'vodrop/server';
import { optionsFrom } from '../uploads.mjs';

let endpoint;

export default {
  fetch(request, env, context) {
    // Keys are known only with a request; an isolate keeps its endpoint.
    endpoint ??= createTokenEndpoint(optionsFrom(env));
    const answer = endpoint(request);
    // What has begun is completed or taken back, also when the browser is gone.
    context.waitUntil(answer);
    return answer;
  },
};
