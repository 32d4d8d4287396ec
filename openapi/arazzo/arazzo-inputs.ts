/** The inputs of a workflow: the members of their schema, with references put in, and what is wrong with it. */

import { type DocumentNode, placeIn } from '../document/documents.js';
import { asObject, isObject, type Json, type JsonObject, pointedTo } from '../json.js';
import { schemaCheck } from '../schema/schema.js';
import type { ArazzoDocument, ArazzoNode } from './arazzo-document.js';
import type { WorkflowInput } from './workflow.js';

/** Something wrong with the schema of inputs. */
export type InputMistake = {
  readonly code: 'unresolved-reference' | 'invalid-schema' | 'invalid-workflow';
  readonly at: DocumentNode['at'];
  readonly what: string;
  readonly fix: string;
};

/**
 * The inputs that a workflow declares. What `x-inputs` has under the name of one is laid over its schema: tools that know no
 * keywords but those of JSON Schema refuse a schema with others.
 */
export function inputsOf(document: ArazzoDocument, workflow: ArazzoNode): readonly WorkflowInput[] {
  const { members, required } = partsOf(schemaOf(document, workflow, []));
  const beside = asObject(workflow.value['x-inputs']);
  return [...members].map(([name, member]) => {
    const extensions = Object.hasOwn(beside, name) ? asObject(beside[name]) : {};
    return inputOf(name, { ...asObject(member), ...extensions }, required.has(name));
  });
}

/** Where `x-for` of an input stands. */
export function placeOfSubject({ value, at }: ArazzoNode, name: string): DocumentNode['at'] {
  const beside = asObject(asObject(value['x-inputs'])[name]);
  const path = beside['x-for'] === undefined ? ['inputs', 'properties'] : ['x-inputs'];
  return [...path, name, 'x-for'].reduce(placeIn, at);
}

/** What is wrong with the schema of the inputs that a workflow declares. */
export function inputMistakes(document: ArazzoDocument, workflow: ArazzoNode): readonly InputMistake[] {
  const mistakes: InputMistake[] = [];
  const beside = asObject(workflow.value['x-inputs']);
  const besideAt = placeIn(workflow.at, 'x-inputs');
  const at = placeIn(workflow.at, 'inputs');
  const schema = schemaOf(document, workflow, mistakes);
  const { members, required } = partsOf(schema);
  const undescribed = [...required].filter((name) => typeof name !== 'string' || !members.has(name));
  for (const name of undescribed) {
    const what = `the required input ${JSON.stringify(name)} is not described`;
    const fix = 'Add it to the properties';
    mistakes.push({ code: 'invalid-workflow', at: placeIn(at, 'required'), what, fix });
  }
  for (const name of Object.keys(beside).filter((each) => !members.has(each))) {
    const what = `there is no input "${name}"`;
    const fix = 'Add it to the properties of "inputs"';
    mistakes.push({ code: 'invalid-workflow', at: placeIn(besideAt, name), what, fix });
  }
  return [
    ...mistakes,
    ...(workflow.value.inputs === undefined ? [] : formMistakes(schema, at)),
    ...extensionMistakes(members, placeIn(at, 'properties')),
    ...extensionMistakes(new Map(Object.entries(beside)), besideAt),
  ];
}

function schemaOf(document: ArazzoDocument, workflow: ArazzoNode, mistakes: InputMistake[]): JsonObject {
  const value = workflow.value.inputs ?? null;
  return asObject(inlined(document, { value, at: placeIn(workflow.at, 'inputs') }, [], mistakes));
}

/** The members of a schema and of the schemas in its `allOf`, and which of them are required. */
function partsOf(schema: JsonObject): {
  readonly members: ReadonlyMap<string, Json>;
  readonly required: ReadonlySet<Json>;
} {
  const parts = [schema, ...(Array.isArray(schema.allOf) ? schema.allOf.filter(isObject) : [])];
  return {
    members: new Map(parts.flatMap((each) => Object.entries(asObject(each.properties)))),
    required: new Set(parts.flatMap((each) => (Array.isArray(each.required) ? each.required : []))),
  };
}

function inputOf(name: string, member: JsonObject, required: boolean): WorkflowInput {
  const { 'x-input': asks, 'x-for': subject, ...schema } = member;
  return { name, schema, required, asks: typeof asks === 'string' ? asks : name, for: asObject(subject) };
}

/** A schema in which every reference within the document has been replaced by what it leads to. */
function inlined(
  document: ArazzoDocument,
  { value, at }: DocumentNode,
  trail: readonly string[],
  mistakes: InputMistake[],
): Json {
  if (Array.isArray(value))
    return value.map((item, index) =>
      inlined(document, { value: item, at: placeIn(at, index) }, trail, mistakes),
    );
  if (!isObject(value)) return value;
  const { $ref: reference, ...rest } = value;
  const own = Object.fromEntries(
    Object.entries(typeof reference === 'string' ? rest : value).map(([name, member]) => [
      name,
      inlined(document, { value: member, at: placeIn(at, name) }, trail, mistakes),
    ]),
  );
  if (typeof reference !== 'string') return own;
  const target = reference.startsWith('#') ? pointedTo(document.root.value, reference.slice(1)) : undefined;
  if (target === undefined || trail.includes(reference)) {
    const what = `the reference "${reference}" ${target === undefined ? 'leads nowhere in this document' : 'leads back to itself'}`;
    const fix = 'Refer to a schema of this document, for example "#/components/inputs/NAME"';
    mistakes.push({ code: 'unresolved-reference', at: placeIn(at, '$ref'), what, fix });
    return own;
  }
  const place = { file: at.file, pointer: reference.slice(1) };
  const found = inlined(document, { value: target, at: place }, [...trail, reference], mistakes);
  return { ...asObject(found), ...own };
}

function formMistakes(schema: JsonObject, at: DocumentNode['at']): readonly InputMistake[] {
  try {
    schemaCheck(schema);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ code: 'invalid-schema', at, what: `"inputs" is no JSON Schema: ${why}`, fix: 'Correct it' }];
  }
}

function extensionMistakes(
  members: ReadonlyMap<string, Json>,
  at: DocumentNode['at'],
): readonly InputMistake[] {
  return [...members].flatMap(([name, member]): InputMistake[] => {
    const { 'x-input': asks, 'x-for': subject } = asObject(member);
    const place = placeIn(at, name);
    const mistake = (which: string, form: string): InputMistake => ({
      code: 'invalid-workflow',
      at: placeIn(place, which),
      what: `"${which}" of the input "${name}" must be ${form}`,
      fix: 'Correct it',
    });
    return [
      ...(asks === undefined || (typeof asks === 'string' && asks !== '')
        ? []
        : [mistake('x-input', 'a name')]),
      ...(subject === undefined || isObject(subject) ? [] : [mistake('x-for', 'an object')]),
    ];
  });
}
