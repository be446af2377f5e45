import { firstValue } from '../http/encoding.js';
import type { Reply } from '../http/reply.js';
import type { SandboxRequest } from '../http/request.js';
import type { Call, Service } from '../service.js';
import { signingCertificate } from './certificate.js';
import type { EventOutbox } from './outbox.js';

/**
 * What SMN and SNS serve beside their messages: the certificate, and the address by which a subscription is
 * confirmed.
 */
export function createNotifications(outbox: EventOutbox): Service {
  const text = (status: number, body: string): Reply => ({
    status,
    headers: { 'Content-Type': 'text/plain' },
    body,
  });
  return {
    claim(request) {
      const action = actionOf(request);
      if (request.method !== 'GET' || action === undefined) return undefined;
      const perform = (): Reply => {
        if (action === 'GetSigningCertificate') return text(200, signingCertificate().pem);
        const token = firstValue(request.query, 'Token') ?? firstValue(request.query, 'token') ?? '';
        return outbox.confirm(token) ? text(200, 'confirmed') : text(404, 'unknown token');
      };
      const call: Call = {
        provider: 'notifications',
        plane: 'control',
        action,
        cors: null,
        perform: () => Promise.resolve(perform()),
        refuse: (status) => text(status, ''),
        refusePreflight: () => text(403, ''),
      };
      return call;
    },
    reset: () => {
      outbox.reset();
    },
  };
}

function actionOf({ path, query }: SandboxRequest): string | undefined {
  if (/^\/(smn\/SMN_|SimpleNotificationService-).*\.pem$/.test(path)) return 'GetSigningCertificate';
  const isConfirming =
    path === '/smn/subscription/confirm' ||
    (path === '/' && firstValue(query, 'Action') === 'ConfirmSubscription');
  return isConfirming ? 'ConfirmSubscription' : undefined;
}
