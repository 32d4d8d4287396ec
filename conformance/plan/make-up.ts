/** Values that are made up where the rules leave them to the server: made once for all players of a contract. */

import type { Contract } from '../../openapi/contract.js';
import type { Place } from '../../openapi/document/documents.js';
import type { Json } from '../../openapi/json.js';
import { type Random, seededRandom } from '../../openapi/random.js';
import type { StateReader } from '../../openapi/rules/entries.js';
import { isUsedIn, unusedKey } from '../../openapi/rules/unused-key.js';
import type { Make } from '../../openapi/rules/value.js';

/** When the clock of a player starts. */
export const clockStart: number = Date.UTC(2026, 0, 1);

const simulated = { secret: 'simulated', fixed: {}, dynamic: false } as const;

/** Makes values up for one step. `counts` says how many of each schema were made up before, and is brought up to date. */
export function makeUp(
  contract: Contract,
  counts: Map<string, number>,
  { random, now, state }: { readonly random: Random; readonly now: number; readonly state: StateReader },
): Make {
  const context = { random, now, ...simulated };
  return (schema, bound, example, unlike) => {
    if (unlike !== undefined) {
      const isUsed = isUsedIn(state, unlike);
      return unusedAmong(contract, counts, schema, isUsed) ?? unusedKey(contract, schema, context, isUsed);
    }
    return bound === undefined && example === undefined
      ? sampleOf(contract, counts, schema)
      : contract.generate(schema, context, bound, example);
  };
}

/** How many different values of a schema are made up; after these they come again. */
const variety = 8;

const pools = new WeakMap<Contract, Map<string, Json[]>>();

/** The next value of a schema. What was made up once serves again: making it is slow. */
function sampleOf(contract: Contract, counts: Map<string, number>, schema: Place): Json {
  const known = pools.get(contract) ?? new Map<string, Json[]>();
  pools.set(contract, known);
  const key = `${schema.file}#${schema.pointer}`;
  const count = counts.get(key) ?? 0;
  counts.set(key, count + 1);
  const pool = known.get(key) ?? [];
  known.set(key, pool);
  const index = count % variety;
  pool[index] ??= contract.generate(schema, { random: seededRandom(index), now: clockStart, ...simulated });
  return pool[index];
}

/** The next value that is no key yet; undefined when all are, and where they are no texts. */
function unusedAmong(
  contract: Contract,
  counts: Map<string, number>,
  schema: Place,
  isUsed: (key: string) => boolean,
): Json | undefined {
  for (let tried = 0; tried < variety; tried += 1) {
    const sample = sampleOf(contract, counts, schema);
    if (typeof sample !== 'string') return undefined;
    if (!isUsed(sample)) return sample;
  }
  return undefined;
}
