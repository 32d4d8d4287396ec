/** What has passed so far, as much as may be needed: the exchanges that led to one, by what they wrote and what it reads. */

import type { ExchangeRecord } from '../event.js';
import { any, type Touch } from './touch.js';
import type { Verdict } from './verdict.js';

export type Past = {
  add(record: ExchangeRecord, verdict: Verdict): void;
  /** The exchanges that wrote what is touched, those that wrote what they had touched, and so on; in order. */
  leadingTo(touches: readonly Touch[]): readonly ExchangeRecord[];
};

type Kept = {
  readonly record: ExchangeRecord;
  readonly reads: readonly Touch[];
  readonly writes: readonly Touch[];
  readonly size: number;
};

/** So much is remembered: exchanges, and bytes of their content. */
const most = { exchanges: 2000, bytes: 16_777_216 };
/** A longer story nobody reads. */
const longest = 30;

export function createPast(): Past {
  const kept: Kept[] = [];
  let bytes = 0;
  return {
    add(record, { reads, writes }) {
      if (writes.length === 0) return; // nothing can rest on it
      const size = sizeOf(record);
      if (size > most.bytes / 4) return;
      kept.push({ record, reads, writes, size });
      bytes += size;
      while (kept.length > most.exchanges || bytes > most.bytes) bytes -= kept.shift()?.size ?? 0;
    },
    leadingTo(touches) {
      const wanted = new Set(touches.map(textOf));
      const found: ExchangeRecord[] = [];
      for (let at = kept.length - 1; at >= 0 && found.length < longest && wanted.size > 0; at -= 1) {
        const each = kept[at];
        if (each === undefined) break;
        const written = each.writes.filter((touch) => touch.key !== any && wanted.has(textOf(touch)));
        if (written.length === 0) continue;
        for (const touch of written) wanted.delete(textOf(touch));
        for (const touch of [...each.reads, ...each.writes]) wanted.add(textOf(touch));
        for (const touch of written) wanted.delete(textOf(touch));
        found.push(each.record);
      }
      return found.toReversed();
    },
  };
}

function textOf({ collection, key }: Touch): string {
  return `${collection}\n${key}`;
}

function sizeOf({ request, outcome }: ExchangeRecord): number {
  const response = outcome.kind === 'response' ? outcome.response : outcome.partial;
  return 1000 + (request.content?.byteLength ?? 0) + (response?.content?.byteLength ?? 0);
}
