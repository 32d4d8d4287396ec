/** Values that break their own schema, as documented examples do: shown as nearly as they can be without doing so. */

import { contentViolations } from '../openapi/content/content.js';
import type { Content, Contract, Example } from '../openapi/contract.js';
import type { GenerateContext } from '../openapi/generate/generate.js';
import { type Json, pointerTokens, valueAt } from '../openapi/json.js';
import { seededRandom } from '../openapi/random.js';
import { withoutValueAt, withValueAt } from '../openapi/variants/value-at.js';

/** How often what is wrong is replaced: what takes its place may show what else is wrong. */
const rounds = 5;

const known = new WeakMap<Example, Json>();

/**
 * The value of an example where nothing names it. What its schema forbids in it is left out or replaced by what the schema
 * asks for, always the same; where that does not help, the whole is made from the schema.
 */
export function mendedExample(
  contract: Contract,
  content: Content,
  example: Example,
  context: GenerateContext,
): Json | undefined {
  if (example.value === undefined || content.schema === undefined) return example.value;
  const before = known.get(example);
  if (before !== undefined) return before;
  const made = () => generated(contract, content, context);
  const mended = conformingValue(contract, content, example.value, made) ?? example.value;
  known.set(example, mended);
  return mended;
}

/**
 * The value, with what its schema forbids in it left out or replaced by what stands there in another one, that conforms;
 * where that does not help, the other one.
 */
export function conformingValue(
  contract: Contract,
  content: Content,
  value: Json,
  other: () => Json | undefined,
): Json | undefined {
  let mended = value;
  let made: Json | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const violations = contentViolations(contract, content, mended, 'response');
    if (violations.length === 0) return mended;
    made ??= other();
    if (made === undefined) return mended;
    // From the back, so that the indexes of items that are left out do not move those before them.
    for (const { pointer } of violations.toReversed()) mended = withInstead(mended, made, pointer);
  }
  return contentViolations(contract, content, mended, 'response').length === 0 ? mended : (made ?? mended);
}

function generated(contract: Contract, { schema }: Content, context: GenerateContext): Json {
  if (schema === undefined) return null;
  return contract.generate(schema, { ...context, random: seededRandom(0), dynamic: true });
}

/** The value with what the schema made at a place, items of lists being alike; without the place where it made nothing. */
function withInstead(value: Json, made: Json, pointer: string): Json {
  const tokens = pointerTokens(pointer);
  let inner: Json | undefined = made;
  for (const token of tokens)
    inner = Array.isArray(inner) ? (inner[Number(token)] ?? inner[0]) : valueAt(inner, [token]);
  return inner === undefined ? withoutValueAt(value, pointer) : withValueAt(value, pointer, inner);
}
