/** What is sent where no example is documented: made from the schema, with small real files where files are described. */

import { sentAs } from '../../openapi/content/content.js';
import { concreteMediaType } from '../../openapi/content/media-type.js';
import { sampleBytes } from '../../openapi/content/sample-bytes.js';
import type { Content, Contract } from '../../openapi/contract.js';
import type { Place } from '../../openapi/document/documents.js';
import { isObject, type Json } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import type { ParameterShape } from '../../openapi/schema/shape.js';

/** A plan asks for the same ones a hundred times. */
const samples = new WeakMap<Content, Map<number, { readonly value: Json | undefined }>>();

/** A value for the content of a request, by its schema; undefined where it has none. Another seed makes another one. */
export function sampleBody(contract: Contract, content: Content, seed = 1): Json | undefined {
  const bySeed = samples.get(content) ?? new Map<number, { readonly value: Json | undefined }>();
  samples.set(content, bySeed);
  const known = bySeed.get(seed) ?? { value: makeSample(contract, content, seed) };
  bySeed.set(seed, known);
  return known.value;
}

function makeSample(contract: Contract, content: Content, seed: number): Json | undefined {
  const { schema, itemSchema, shape } = content;
  const { format, mediaType } = sentAs(content);
  if (format === 'binary') return sampleFile(mediaType);
  const made = (place: Place): Json =>
    contract.generate(place, {
      random: seededRandom(seed),
      now: 0,
      secret: 'plan',
      fixed: {},
      dynamic: false,
      direction: 'request',
    });
  if (itemSchema !== undefined && schema === undefined) return [made(itemSchema)];
  if (schema === undefined) return undefined;
  return format === 'multipart' ? withFiles(made(schema), shape, content) : made(schema);
}

function sampleFile(mediaType: string): string {
  return Buffer.from(sampleBytes(mediaType) ?? [0, 1, 2]).toString('latin1');
}

/** The value of a form with files in it that programs take for such. */
function withFiles(value: Json, shape: ParameterShape, { encodings }: Content): Json {
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]): [string, Json] => {
    const own = shape.properties?.get(name);
    const file = own?.file ?? own?.items?.file;
    if (file === undefined) return [name, member];
    const [described = file] = encodings.get(name)?.contentTypes ?? [];
    const sample = sampleFile(concreteMediaType(described));
    return [name, Array.isArray(member) ? member.map(() => sample) : sample];
  });
  return Object.fromEntries(members);
}
