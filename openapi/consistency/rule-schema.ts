/** The published schema of our extensions of OpenAPI, compiled part by part when a contract uses them. */

import { readFileSync } from 'node:fs';
import { isObject, type Json } from '../json.js';
import { schemaCheck } from '../schema/schema.js';
import { stateRulesSchemaFile } from '../shipped.js';

type FormCheck = ReturnType<typeof schemaCheck>;

const checks = new Map<string, FormCheck>();
let definitions: Json | undefined;

/** What the published schema finds wrong with a value, which is to be what one of its definitions describes. */
export function checkOfForm(definition: 'state' | 'transitions' | 'decisions' | 'unseen'): FormCheck {
  const known = checks.get(definition);
  if (known !== undefined) return known;
  definitions ??= readDefinitions();
  const check = schemaCheck({ $ref: `#/$defs/${definition}`, $defs: definitions });
  checks.set(definition, check);
  return check;
}

function readDefinitions(): Json {
  const schema: Json = JSON.parse(readFileSync(stateRulesSchemaFile, 'utf8'));
  return (isObject(schema) ? schema.$defs : undefined) ?? {};
}
