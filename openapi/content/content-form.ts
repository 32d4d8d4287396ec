/** Forms of one text (application/x-www-form-urlencoded): their members read and written, each by its encoding. */

import type { Encoding } from '../contract.js';
import { type ParameterForm, queryPairs, readParameter, writeParameter } from '../http/parameter.js';
import { percentEncoded } from '../http/percent.js';
import { type Json, type JsonObject, pointerTo } from '../json.js';
import { anyShape, type ParameterShape } from '../schema/shape.js';
import {
  type Described,
  isList,
  memberShape,
  memberText,
  memberValue,
  writtenType,
} from './content-member.js';
import { type ParsedContent, parsedAs } from './content-text.js';

/** The pairs of one member: as sent, and the texts of those without brackets. */
type Group = { readonly sent: string[]; readonly texts: string[]; hasBrackets: boolean };

/** The members of a form. Those of a described object may stand in brackets (`a[b]=c`), whatever is said of its style. */
export function formValue(text: string, described: Described): ParsedContent {
  const { shape, encodings } = described;
  const groups = groupsOf(text, described);
  const members = new Map<string, Json>();
  for (const [name, encoding] of encodings ?? []) {
    const value = encoding.style && spreadValue(text, name, encoding.style, described);
    if (value !== undefined) members.set(name, value);
  }
  for (const [name, group] of groups) {
    if (members.has(name)) continue;
    const parsed = groupValue(name, group, memberShape(shape, name), encodings?.get(name));
    if (parsed.kind === 'malformed') return { ...parsed, pointer: pointerTo('', name) };
    if (parsed.kind === 'value') members.set(name, parsed.value);
  }
  return parsedAs(Object.fromEntries(members));
}

function groupsOf(text: string, described: Described): Map<string, Group> {
  const groups = new Map<string, Group>();
  const spread = spreadNames(described);
  for (const [sent, key, value] of queryPairs(text)) {
    const name = memberNameOf(key, described.shape);
    if (spread.has(name)) continue;
    const group = groups.get(name) ?? { sent: [], texts: [], hasBrackets: false };
    group.sent.push(sent);
    if (key === name) group.texts.push(value);
    else group.hasBrackets = true;
    groups.set(name, group);
  }
  return groups;
}

const bracketed = /^([^[\]]+)((?:\[[^[\]]*\]){1,16})$/;

/** The member that a key belongs to: of `a[b]` it is `a`, where that is described and `a[b]` is not. */
export function memberNameOf(key: string, { properties }: ParameterShape): string {
  if (!key.includes('[') || properties?.has(key)) return key;
  const [, root = key] = bracketed.exec(key) ?? [];
  return properties?.has(root) ? root : key;
}

/** The members of objects that are written as members of the form (OpenAPI 3.1, 4.8.12.6, `form` exploded). */
function spreadNames({ shape, encodings }: Described): ReadonlySet<string> {
  const names = [...(encodings ?? [])].flatMap(([name, { style }]) =>
    style?.style === 'form' && style.explode ? [...(memberShape(shape, name).properties?.keys() ?? [])] : [],
  );
  return new Set(names.filter((name) => !shape.properties?.has(name)));
}

function spreadValue(
  text: string,
  name: string,
  style: NonNullable<Encoding['style']>,
  { shape }: Described,
): Json | undefined {
  const form: ParameterForm = { ...style, name, in: 'query', shape: memberShape(shape, name) };
  const others = new Set([...(shape.properties?.keys() ?? [])].filter((other) => other !== name));
  return readParameter(form, { path: {}, query: text, fields: [] }, others);
}

function groupValue(
  name: string,
  { sent, texts, hasBrackets }: Group,
  shape: ParameterShape,
  encoding: Encoding | undefined,
): ParsedContent {
  if (hasBrackets) {
    const form = {
      name,
      in: 'query',
      style: 'deepObject',
      explode: true,
      allowReserved: false,
      shape,
    } as const;
    const value = readParameter(form, { path: {}, query: sent.join('&'), fields: [] });
    return parsedAs(value ?? texts[0] ?? '');
  }
  return textsValue(texts, encoding?.contentTypes[0], shape);
}

/** The value of a member that came once or more. */
export function textsValue(
  texts: readonly string[],
  mediaType: string | undefined,
  shape: ParameterShape,
): ParsedContent {
  const [first = '', ...others] = texts;
  if (others.length === 0 && !isList(shape, first)) return memberValue(first, mediaType, shape);
  if (others.length === 0 && first.startsWith('[')) {
    const whole = memberValue(first, undefined, shape);
    if (whole.kind === 'value' && Array.isArray(whole.value)) return whole;
  }
  const items: Json[] = [];
  for (const text of texts) {
    const parsed = memberValue(text, mediaType, shape.items ?? anyShape);
    if (parsed.kind === 'malformed') return parsed;
    if (parsed.kind === 'value') items.push(parsed.value);
  }
  return parsedAs(items);
}

/** A form as text. Lists repeat the name of their member, unless an encoding says otherwise. */
export function formText(payload: JsonObject, { shape, encodings }: Described): string {
  const members = Object.entries(payload).flatMap(([name, value]): string[] => {
    const encoding = encodings?.get(name);
    const own = memberShape(shape, name);
    if (encoding?.style !== undefined) {
      const written = writeParameter({ ...encoding.style, name, in: 'query', shape: own }, value);
      return written === undefined || written.in === 'header' ? [] : [written.text];
    }
    const type = writtenType(encoding);
    const text = (item: Json, inner: ParameterShape): string =>
      `${percentEncoded(name)}=${percentEncoded(memberText(item, type, inner))}`;
    return Array.isArray(value)
      ? value.map((item: Json) => text(item, own.items ?? anyShape))
      : [text(value, own)];
  });
  return members.join('&');
}
