export type Outcome = 'ok' | 'warning' | 'fault' | 'skipped';

/** One thing that was looked at. Contains no key, ticket, presigned URL or signature. */
export interface Check {
  /** Stable name, for scripts: `cors`, `etag`, `clock` … */
  readonly check: string;
  /** What it was looked at in: a provider, `endpoint`, `configuration`. */
  readonly of: string;
  readonly outcome: Outcome;
  readonly says: string;
  readonly remedy?: string;
}

/** Collects the checks of one subject. */
export class Report {
  readonly checks: Check[] = [];

  ok(of: string, check: string, says: string): void {
    this.checks.push({ check, of, outcome: 'ok', says });
  }

  warn(of: string, check: string, says: string, remedy: string): void {
    this.checks.push({ check, of, outcome: 'warning', says, remedy });
  }

  fault(of: string, check: string, says: string, remedy?: string): void {
    this.checks.push({ check, of, outcome: 'fault', says, remedy });
  }

  skip(of: string, check: string, says: string): void {
    this.checks.push({ check, of, outcome: 'skipped', says });
  }
}

const marks: Record<Outcome, string> = { ok: 'ok', warning: 'WARNING', fault: 'FAULT', skipped: 'skipped' };

/** Lines for people, or JSON for scripts. */
export function printed(checks: readonly Check[], { isJson }: { readonly isJson: boolean }): string {
  const counts = countsOf(checks);
  if (isJson) return `${JSON.stringify({ isSound: counts.fault === 0, counts, checks }, null, 2)}\n`;
  const lines = checks.flatMap(({ outcome, of, check, says, remedy }) => [
    `${marks[outcome].padEnd(8)} ${of} · ${check}: ${says}`,
    ...(remedy ? [`         → ${remedy}`] : []),
  ]);
  const summary = `${counts.ok} ok, ${counts.warning} warnings, ${counts.fault} faults, ${counts.skipped} skipped`;
  return `${[...lines, summary].map(printable).join('\n')}\n`;
}

/** Names come from the endpoint that is examined: what would steer the terminal is left out. */
function printable(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
}

/** 0, or 1 when there is a fault. */
export function exitCodeOf(checks: readonly Check[]): number {
  return countsOf(checks).fault > 0 ? 1 : 0;
}

function countsOf(checks: readonly Check[]): Record<Outcome, number> {
  const counts = { ok: 0, warning: 0, fault: 0, skipped: 0 };
  for (const { outcome } of checks) counts[outcome] += 1;
  return counts;
}
