/** What is wrong with a state rule, in words: for where its schema can only say which pattern does not match. */

import type { Wording, Words } from '../document/structure.js';

/** By the end of the path of the schema that is broken. */
const words: Readonly<Record<string, (name: string, value: string) => Wording>> = {
  '/expression/pattern': (_, value) => ({
    what: `${value} is not a runtime expression`,
    fix: 'Use $request.body#/…, $request.header.…, $response.body#/…, $state.NAME#/… or $credential',
  }),
  '/name/pattern': (_, value) => ({
    what: `${value} is not a valid name`,
    fix: 'Use letters, digits, "-" and "_" only',
  }),
  '/duration/format': (_, value) => ({
    what: `${value} is not a duration`,
    fix: 'Write ISO 8601, for example PT10M',
  }),
  '/source/format': (_, value) => ({
    what: `${value} is not the address of a page`,
    fix: 'Write a whole URL',
  }),
  '/response/pattern': (_, value) => ({
    what: `${value} names no response`,
    fix: 'Write a status and, after #, the name of an example: "200" or "200#name"',
  }),
  '/then/required': (name) => ({
    what: `${name} is inferred, and no "x-reason" says from what`,
    fix: 'Add it',
  }),
};

const forms = {
  condition: {
    what: 'fits none of the forms of a condition',
    fix: 'Write one with "present", with "absent", with "value" and "equals", with "in" and "key", or with "not"',
  },
  effect: {
    what: 'fits none of the forms of an effect',
    fix: 'Write one with "put", "key" and "value", with "remove" and "key", or with "send", "to" and "content"',
  },
} as const;

/** Words for the errors of the schema of the state rules. */
export const ruleWords: Words = ({ keyword, instancePath, schemaPath, params }, name, value) => {
  if (keyword === 'false schema') {
    const { what, fix } = /\/effects\/\d+$/.test(instancePath) ? forms.effect : forms.condition;
    return { what: `${name} ${what}`, fix };
  }
  if (keyword === 'additionalProperties') {
    const what = `${name} has an unknown field "${String(params.additionalProperty)}"`;
    return { what, fix: 'Check its spelling, or remove it' };
  }
  if (keyword === 'required' && params.missingProperty !== 'x-reason') return undefined;
  const found = Object.keys(words).find((path) => schemaPath.endsWith(path));
  return found === undefined ? undefined : words[found]?.(name, JSON.stringify(value));
};
