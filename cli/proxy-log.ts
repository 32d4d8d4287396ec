/** The log of a running proxy: a line for each exchange as it is judged, and below it what is wrong with it. */

import type { Mask } from '../conformance/event.js';
import type { Observed } from '../conformance/proxy/observer.js';
import type { Format, Paint } from '../conformance/report/paint.js';
import { visible } from '../conformance/report/text.js';
import type { Contract } from '../openapi/contract.js';
import type { Print } from './terminal.js';

/** Prints a line for each exchange. */
export function proxyLog(
  print: Print,
  paint: Paint,
  mask: Mask,
  contract: Contract,
): (observed: Observed) => void {
  const width = Math.min(48, Math.max(12, ...contract.operations.map(({ path }) => path.length)));
  return (observed) => {
    const { record, inspected } = observed;
    const { method, path, query } = record.request;
    const line = [
      paint('dim', timeText(record.startedAt)),
      visible(mask(method)).padEnd(7),
      visible(mask(query === '' ? path : `${path}?${query}`)).padEnd(width),
      statusText(observed, paint),
      `${Math.round(record.milliseconds)} ms`.padStart(7),
      verdictText(observed, paint),
    ].join('  ');
    const details = inspected.map(({ check, deviation, severity }) => {
      const mark = severity === 'error' ? paint('red', '✗') : paint('yellow', '?');
      return `${indent}${mark} ${check.name}: ${visible(mask(deviation.title))}`;
    });
    print([line.trimEnd(), ...details].join('\n'));
  };
}

/** As wide as the time and the space after it. */
const indent = ' '.repeat(10);

function statusText({ record: { outcome } }: Observed, paint: Paint): string {
  if (outcome.kind === 'failure') return paint('red', '---');
  const { status } = outcome.response;
  return paint(statusFormat(status), String(status).padStart(3));
}

function statusFormat(status: number): Format {
  if (status >= 500) return 'red';
  if (status >= 400) return 'yellow';
  return status >= 300 ? 'cyan' : 'green';
}

/** What the exchange proves, in a word or two. */
function verdictText({ record, inspected, reservation, transition }: Observed, paint: Paint): string {
  if (inspected.some(({ severity }) => severity === 'error')) return paint('red', 'violates the contract');
  const { outcome } = record;
  if (reservation !== undefined) {
    const why = outcome.kind === 'failure' ? `: ${visible(outcome.why)}` : '';
    return paint('dim', `${reservation}${why}`);
  }
  if (inspected.length > 0) return paint('yellow', 'undocumented');
  return transition === undefined ? 'conforms' : `conforms  ${paint('dim', visible(transition))}`;
}

/** The local time of day. */
function timeText(at: number): string {
  const instant = new Date(at);
  return [instant.getHours(), instant.getMinutes(), instant.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
