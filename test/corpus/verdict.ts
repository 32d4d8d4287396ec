/** Whether an answer is one that the document describes: its status, its media type and its content. */

import { fieldValue, isWithoutContent, type ResponseMessage } from '../../openapi/http/message.js';
import type { Json } from '../../openapi/json.js';
import { readContent } from './content-reading.js';
import type { IndependentSchemas } from './independent-schemas.js';
import type { DescribedContent, DescribedOperation, DescribedResponse, Files } from './reading.js';

export type Verdict = {
  /** What is wrong; undefined when nothing is. */
  readonly wrong: string | undefined;
  /** What could not be looked at, and why. */
  readonly unchecked: string | undefined;
};

const right: Verdict = { wrong: undefined, unchecked: undefined };
const wrongly = (wrong: string): Verdict => ({ wrong, unchecked: undefined });

/** Holds an answer against what is documented of its operation. */
export async function verdictOf(
  files: Files,
  schemas: IndependentSchemas,
  operation: DescribedOperation,
  { status, fields, content }: ResponseMessage,
): Promise<Verdict> {
  // Where no answer is documented, none is wrong but that of a server that has come to grief.
  if (operation.responses.length === 0) return status === 500 ? wrongly('the server failed') : right;
  const described = responseFor(operation.responses, status);
  const type = fieldValue(fields, 'content-type');
  const bytes = content ?? new Uint8Array();
  if (described === undefined)
    return wrongly(
      `status ${status} is not documented${type === 'application/problem+json' ? `: ${told(bytes)}` : ''}`,
    );
  const missing = described.requiredHeaders.filter((name) => fieldValue(fields, name) === undefined);
  if (missing.length > 0)
    return wrongly(`status ${status} comes without the required header ${missing.join(', ')}`);
  if (isWithoutContent(operation.method, status) || described.content.length === 0)
    return bytes.length === 0 ? right : wrongly(`status ${status} has content, and none is documented`);
  if (bytes.length === 0) return wrongly(`status ${status} has no content, and some is documented`);
  const media = contentFor(described.content, type ?? '');
  if (media === undefined)
    return wrongly(
      `status ${status} is ${type}, which is not documented${type === 'application/problem+json' ? `: ${told(bytes)}` : ''}`,
    );
  return ofContent(files, schemas, media, type ?? '', bytes);
}

function told(bytes: Uint8Array): string {
  const { title, detail, violations } = JSON.parse(new TextDecoder().decode(bytes));
  return [title, detail, violations && JSON.stringify(violations).slice(0, 300)].filter(Boolean).join('; ');
}

/** Exact, then its range, then `default` (OpenAPI 3.1, 4.8.16). */
function responseFor(responses: readonly DescribedResponse[], status: number): DescribedResponse | undefined {
  const wanted = [String(status), `${String(status).charAt(0)}xx`, 'default'];
  return wanted
    .map((name) => responses.find((response) => response.status.toLowerCase() === name))
    .find((response) => response !== undefined);
}

/** The most telling of the media types that an answer is of (OpenAPI 3.1, 4.8.14). */
function contentFor(content: readonly DescribedContent[], type: string): DescribedContent | undefined {
  const essence = essenceOf(type);
  const [main = ''] = essence.split('/');
  for (const wanted of [type.toLowerCase(), essence, `${main}/*`, '*/*']) {
    const found = content.find(({ mediaType }) => {
      const key = mediaType.trim().toLowerCase();
      return key === wanted || essenceOf(key) === wanted;
    });
    if (found !== undefined) return found;
  }
  // What is no media type at all can be answered by anything.
  return content.find(({ mediaType }) => !mediaType.includes('/'));
}

function essenceOf(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase();
}

async function ofContent(
  files: Files,
  schemas: IndependentSchemas,
  { schema, itemSchema }: DescribedContent,
  type: string,
  bytes: Uint8Array,
): Promise<Verdict> {
  const read = readContent(files, essenceOf(type), type, schema ?? itemSchema, bytes);
  if (read.kind === 'unreadable') return wrongly(`${essenceOf(type)} that cannot be read: ${read.why}`);
  if (read.kind === 'any') return right;
  if (read.kind === 'unchecked') return { wrong: undefined, unchecked: read.why };
  const items: readonly Json[] = read.kind === 'items' ? read.items : [];
  const held = [
    ...(schema === undefined ? [] : [{ schema, value: read.kind === 'items' ? items : read.value }]),
    ...(itemSchema === undefined ? [] : items.map((value) => ({ schema: itemSchema, value }))),
  ];
  for (const each of held) {
    const verdict = await schemas.verdict(each.schema, each.value);
    if (verdict.kind === 'unchecked') return { wrong: undefined, unchecked: verdict.why };
    if (verdict.kind === 'valid') continue;
    const broken = verdict.broken.map(({ keyword, at, schema }) => `${keyword} at "${at}" (${schema})`);
    return wrongly(`content breaks ${broken.join(', ')}: ${JSON.stringify(each.value).slice(0, 400)}`);
  }
  return right;
}
