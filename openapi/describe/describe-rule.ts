/** The state rules in plain words of Markdown: when one applies, what it answers and what it leaves behind. */

import { parseDuration } from '../duration.js';
import { asObject, isObject, type Json, type JsonObject } from '../json.js';
import { code, keyText, listed, membersText, restText, valueText } from './describe-value.js';

/** The words of a rule. */
type RuleText = {
  readonly when: readonly string[];
  /** Values that the rule names before it answers. */
  readonly named: readonly string[];
  readonly answer: string;
  readonly effects: readonly string[];
};

/** A transition as the contract writes it, in words. What nobody has words for is shown as it is. */
export function ruleText(transition: JsonObject): RuleText {
  const { guard, effects } = transition;
  return {
    when: objectsIn(guard).map((condition) => conditionText(condition)),
    named: Object.entries(asObject(transition.let)).map(
      ([name, value]) => `*${name}* is ${valueText(value)}`,
    ),
    answer: answerText(transition),
    effects: objectsIn(effects).map(effectText),
  };
}

function objectsIn(raw: Json | undefined): readonly JsonObject[] {
  return Array.isArray(raw) ? raw.filter(isObject) : [];
}

function conditionText(raw: JsonObject, holds = true): string {
  if (isObject(raw.not)) return conditionText(raw.not, !holds) + restText(raw, ['not']);
  if (raw.present !== undefined) return presence(raw.present, holds) + restText(raw, ['present']);
  if (raw.absent !== undefined) return presence(raw.absent, !holds) + restText(raw, ['absent']);
  if (raw.value !== undefined && raw.equals !== undefined) {
    const rest = restText(raw, ['value', 'equals']);
    return `${valueText(raw.value)} is ${holds ? '' : 'not '}${valueText(raw.equals)}${rest}`;
  }
  return raw.in === undefined ? code(JSON.stringify(holds ? raw : { not: raw })) : entryText(raw, holds);
}

function presence(raw: Json, holds: boolean): string {
  return `${valueText(raw)} is ${holds ? 'there' : 'absent'}`;
}

function entryText(raw: JsonObject, holds: boolean): string {
  const article = holds ? (raw.expired === true ? 'an' : 'a') : 'no';
  const age = raw.expired === true ? 'expired' : 'living';
  const where = isObject(raw.where) ? ` whose ${membersText(raw.where)}` : '';
  const as = typeof raw.as === 'string' ? `, here called *${raw.as}*` : '';
  const rest = restText(raw, ['in', 'key', 'where', 'expired', 'as']);
  return `${code(String(raw.in))} has ${article} ${age} entry for ${keyText(raw.key ?? null)}${where}${as}${rest}`;
}

function answerText(raw: JsonObject): string {
  const [status = '', ...example] = String(raw.response ?? '').split('#');
  const named = example.length === 0 ? '' : `, the example ${code(example.join('#'))}`;
  return `it answers ${code(status)}${named}${contentText(raw)}`;
}

function contentText({ content, whole }: JsonObject): string {
  if (content === undefined) return '';
  if (whole === true) return `, and the content is exactly ${valueText(content)}`;
  const isBound = isObject(content) && !Object.keys(content).some((name) => name.startsWith('$'));
  if (isBound && Object.keys(content).length > 0) return `, in which ${membersText(content)}`;
  return `, overlaid with ${valueText(content)}`;
}

function effectText(raw: JsonObject): string {
  if (raw.put !== undefined) {
    const lifetime = typeof raw.lifetime === 'string' ? `, for ${durationText(raw.lifetime)}` : '';
    const number = typeof raw.as === 'string' ? ` (*${raw.as}* is the number of the time)` : '';
    const times = raw.times === undefined ? '' : `, as often as ${valueText(raw.times)} says${number}`;
    const rest = restText(raw, ['put', 'key', 'value', 'lifetime', 'times', 'as']);
    return `${code(String(raw.put))} gets an entry for ${keyText(raw.key ?? null)}: ${valueText(raw.value ?? null)}${lifetime}${times}${rest}`;
  }
  if (raw.remove !== undefined) {
    const rest = restText(raw, ['remove', 'key']);
    return `${code(String(raw.remove))} loses its entry for ${keyText(raw.key ?? null)}${rest}`;
  }
  if (raw.send !== undefined) {
    const rest = restText(raw, ['send', 'to', 'content']);
    return `a message (${String(raw.send)}) goes to ${valueText(raw.to ?? null)}: ${valueText(raw.content ?? null)}${rest}`;
  }
  return code(JSON.stringify(raw));
}

const units = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const;

/** An ISO 8601 duration in words: `PT10M` is 10 minutes. */
function durationText(text: string): string {
  const duration = parseDuration(text);
  const parts = units.flatMap((unit) => {
    const count = duration?.[unit] ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? unit.slice(0, -1) : unit}`];
  });
  return parts.length === 0 || duration?.negative === true ? code(text) : listed(parts);
}

/** The collections that a rule reads, and those that it changes. */
export function collectionsOf(transition: JsonObject): {
  readonly read: readonly string[];
  readonly changed: readonly string[];
} {
  const asked = objectsIn(transition.guard).map(({ not, ...condition }) => (isObject(not) ? not : condition));
  const named = (raw: Json | undefined): string[] => (typeof raw === 'string' ? [raw] : []);
  const listings = ['guard', 'let', 'content', 'effects'].flatMap((part) => listingsIn(transition[part]));
  return {
    read: [...asked.flatMap((condition) => named(condition.in)), ...listings],
    changed: objectsIn(transition.effects).flatMap(({ put, remove }) => named(put ?? remove)),
  };
}

function listingsIn(raw: Json | undefined): string[] {
  if (typeof raw !== 'object' || raw === null) return [];
  const own = isObject(raw) && typeof raw.$entries === 'string' ? [raw.$entries] : [];
  return [...own, ...Object.values(raw).flatMap(listingsIn)];
}
