/** What is concluded of a resource, as the state rules would say it: created, read, replaced, changed, deleted, gone. */

import type { DocumentNode, Documents } from '../document/documents.js';
import { asObject, type Json, pointerTo } from '../json.js';
import { fits, type Properties, typesOf } from '../schema/schema-properties.js';
import { enveloped, partOf, type Shown, shownIn } from './inferred-envelope.js';
import { listTransition } from './inferred-list.js';
import {
  answerSchema,
  type Resource,
  type ResourceMethod,
  refusals,
  requestOf,
  successes,
} from './inferred-resources.js';
import {
  claimed,
  deletedOf,
  eachStatus,
  entryOf,
  free,
  type Inference,
  makerOf,
  merged,
  picked,
  type Rule,
  recordOf,
  reference,
  ruleOf,
} from './inferred-rule.js';

/** The rules of an operation of a resource, as `x-transitions` has them; empty when nothing can be said. */
export function transitionsOf(inference: Inference, method: ResourceMethod, operation: DocumentNode): Json[] {
  switch (method) {
    case 'post':
      return creating(inference, operation);
    case 'list':
      return listTransition(inference, operation);
    case 'get':
      return reading(inference, operation);
    case 'put':
    case 'patch':
      return writing(inference, method, operation);
    case 'delete':
      return deleting(inference, operation);
  }
}

function creating({ documents, resource, created }: Inference, operation: DocumentNode): Json[] {
  const { collection, path, itemPath, id, outer, parent } = resource;
  const body = requestOf(documents, operation, resource, created);
  const request = partOf('$request.body', body);
  const echoed = echoes(documents, body.properties, created);
  const property = created.get(id);
  const isChosen = isWritable(body.properties.get(id));
  const made: Json = {
    $generate: property === undefined ? {} : reference(resource, property),
    unlike: collection,
  };
  const above = outer.filter((name) =>
    isSameType(documents, created.get(name), name === parent?.key ? parent.keySchema : undefined),
  );
  const fromPath = Object.fromEntries(above.map((name) => [name, `$request.path.${name}`]));
  const chosen: Json = isChosen ? { [id]: { $first: [partOf('$request.body', body, id), made] } } : {};
  const own: Json = isChosen ? {} : { [id]: made };
  const reason = `the path is that of a resource: what POST ${path} creates is found at ${itemPath}`;
  const inParent: Json[] =
    parent === undefined ? [] : [{ in: parent.collection, key: `$request.path.${parent.key}` }];
  const shownCreation = (shown: Shown): Pick<Rule, 'content' | 'effects'> => {
    const key = partOf('$response.body', shown, id);
    const answered = partOf('$response.body', shown);
    const sent = merged({ $pick: answered, like: request }, { [id]: key });
    const thing = merged(free(picked(request, echoed), fromPath, chosen), own);
    return {
      content: enveloped(documents, resource, shown, thing),
      effects: [
        { put: collection, key, value: recordOf(resource, answered, sent) },
        { remove: deletedOf(resource), key },
      ],
    };
  };
  const create = (status: string): Omit<Rule, 'response'> => {
    const shown = shownIn(documents, answerSchema(documents, operation, status), resource);
    return { name: 'create', reason, guard: inParent, ...(shown === undefined ? {} : shownCreation(shown)) };
  };
  const statuses = successes(documents, operation, 'post');
  const rules = eachStatus(resource, statuses, create);
  const [status] = statuses;
  if (parent === undefined || status === undefined) return rules;
  const unknownParent = { ...create(status), guard: [], name: 'create-in-unknown', response: status };
  return [...rules, ruleOf(resource, { ...unknownParent, unspecified: true })];
}

function reading({ documents, resource, created }: Inference, operation: DocumentNode): Json[] {
  const { collection, itemPath, id, key, keySchema } = resource;
  const [status] = successes(documents, operation, 'get');
  if (status === undefined) return [];
  const shown = shownIn(documents, answerSchema(documents, operation, status), resource);
  const properties: Properties = shown?.properties ?? new Map();
  const readable = shared(documents, created, properties);
  const lasting = readable.filter((name) => name === id || isLasting(documents, created.get(name)));
  const answered = (thing: Json): Json | undefined =>
    shown === undefined ? undefined : enveloped(documents, resource, shown, thing);
  const content = readable.includes(id)
    ? answered(merged(free(picked('$state.it#/shown', readable)), claimed('$state.it#/sent', lasting)))
    : undefined;
  const ofPath = { [id]: `$request.path.${key}` };
  const isNamed = isSameType(documents, properties.get(id), keySchema);
  return [
    ruleOf(resource, {
      name: 'read',
      reason: `the path is that of a resource: what ${makerOf(resource)} creates, GET ${itemPath} reads`,
      guard: [entryOf(resource, collection, 'it')],
      response: status,
      content,
      whole: content !== undefined,
    }),
    ...gone(documents, resource, operation, 'GET'),
    ruleOf(resource, {
      name: 'unknown',
      reason: `what nobody has created by ${makerOf(resource)} may be there or not`,
      response: status,
      content: isNamed ? answered(free(ofPath)) : undefined,
      unspecified: true,
    }),
  ];
}

/** What has been deleted is not there, in the words of the operation; nothing where it has none for that. */
function gone(documents: Documents, resource: Resource, operation: DocumentNode, method: string): Json[] {
  const { itemPath, operations } = resource;
  if (!operations.has('delete')) return [];
  const guard = [entryOf(resource, deletedOf(resource))];
  const reason = `the path is that of a resource: what DELETE ${itemPath} has deleted is gone for ${method}`;
  return eachStatus(resource, refusals(documents, operation), () => ({ name: 'gone', guard, reason }));
}

function writing(inference: Inference, method: 'put' | 'patch', operation: DocumentNode): Json[] {
  const { documents, resource, created } = inference;
  const { collection, itemPath, id, key, keySchema } = resource;
  const body = requestOf(documents, operation, resource, created);
  const { properties: sentProperties, isPlain } = body;
  const bodyThing = partOf('$request.body', body);
  const echoed = echoes(documents, sentProperties, created).filter((name) => name !== id);
  const lasting = isPlain ? echoed.filter((name) => isLasting(documents, sentProperties.get(name))) : [];
  const kept =
    method === 'patch'
      ? [...created.keys()]
      : [...created.keys()].filter((name) => name === id || !sentProperties.has(name));
  const request = picked(bodyThing, isPlain ? echoed : []);
  const path_ = isSameType(documents, created.get(id), keySchema) ? { [id]: `$request.path.${key}` } : {};
  const knownId = { [id]: `$state.it#/sent${pointerTo('', id)}` };
  const values = Object.fromEntries(lasting.map((name) => [name, partOf('$request.body', body, name)]));
  const before = method === 'patch' ? [picked('$state.it#/sent', lasting)] : [];
  const rule = (status: string, isKnown: boolean): Pick<Rule, 'content' | 'whole' | 'effects'> => {
    const answer = shownIn(documents, answerSchema(documents, operation, status), resource);
    const there: Json[] = isKnown ? [picked('$state.it#/shown', kept)] : [path_];
    const shownClaims = lasting.filter((name) =>
      fitsIn(documents, sentProperties.get(name), answer?.properties.get(name)),
    );
    const claims = isKnown ? [knownId] : [];
    const content = merged(free(...there, request), claimed(bodyThing, shownClaims), ...claims);
    const shown: Json =
      answer === undefined ? { $merge: [{}, ...there, request] } : partOf('$response.body', answer);
    const sent = { $merge: [{}, ...(isKnown ? before : []), values, isKnown ? knownId : path_] };
    const put = { put: collection, key: `$request.path.${key}`, value: recordOf(resource, shown, sent) };
    const remove = { remove: deletedOf(resource), key: `$request.path.${key}` };
    const effects = [put, remove];
    if (answer === undefined) return { content: undefined, whole: false, effects };
    return { content: enveloped(documents, resource, answer, content), whole: isKnown, effects };
  };
  const statuses = successes(documents, operation, method);
  const [status] = statuses;
  const does = method === 'put' ? 'replace' : 'change';
  if (status === undefined) return [];
  const name = method.toUpperCase();
  const missing = gone(documents, resource, operation, name);
  const again = eachStatus(resource, method === 'put' && missing.length > 0 ? statuses : [], (each) => ({
    ...rule(each, false),
    name: 'put-again',
    reason: `a server may create by PUT ${itemPath} what it had deleted`,
    guard: [entryOf(resource, deletedOf(resource))],
  })).map((each) => ({ ...asObject(each), alternative: true }));
  const replaced = statuses.filter((each) => each !== '201' || statuses.length === 1);
  const newStatus = statuses.find((each) => each === '201') ?? status;
  return [
    ...eachStatus(resource, replaced, (each) => ({
      ...rule(each, true),
      name: does,
      reason: `the path is that of a resource: ${name} ${itemPath} ${does}s what ${makerOf(resource)} has created`,
      guard: [entryOf(resource, collection, 'it')],
    })),
    ...missing,
    ...again,
    ruleOf(resource, {
      ...rule(newStatus, false),
      name: 'unknown',
      reason: `what nobody has created by ${makerOf(resource)} may be there or not`,
      response: newStatus,
      unspecified: true,
    }),
  ];
}

function deleting({ documents, resource, created }: Inference, operation: DocumentNode): Json[] {
  const { collection, itemPath, key, outer } = resource;
  const statuses = successes(documents, operation, 'delete');
  const [status] = statuses;
  if (status === undefined) return [];
  const remove = { remove: collection, key: `$request.path.${key}` };
  const mark = {
    put: deletedOf(resource),
    key: `$request.path.${key}`,
    value: Object.fromEntries(outer.map((name) => [`path-${name}`, `$request.path.${name}`])),
  };
  // What is only accepted may be there for a while.
  const effects = (each: string): Json[] => (each === '202' ? [remove] : [remove, mark]);
  const lastLook = (each: string): Json | undefined => {
    const shown = shownIn(documents, answerSchema(documents, operation, each), resource);
    if (shown === undefined) return undefined;
    const thing = free(picked('$state.it#/shown', shared(documents, created, shown.properties)));
    return enveloped(documents, resource, shown, thing);
  };
  const missing = gone(documents, resource, operation, 'DELETE');
  const again = eachStatus(resource, missing.length > 0 ? statuses : [], () => ({
    name: 'delete-again',
    reason: `a server may answer DELETE ${itemPath} alike, however often it is sent (RFC 9110, section 9.2.2)`,
    guard: [entryOf(resource, deletedOf(resource))],
  })).map((each) => ({ ...asObject(each), alternative: true }));
  return [
    ...eachStatus(resource, statuses, (each) => ({
      name: 'delete',
      reason: `the path is that of a resource: DELETE ${itemPath} deletes what ${makerOf(resource)} has created`,
      guard: [entryOf(resource, collection, 'it')],
      content: lastLook(each),
      effects: effects(each),
    })),
    ...missing,
    ...again,
    ruleOf(resource, {
      name: 'unknown',
      reason: `what nobody has created by ${makerOf(resource)} may be there or not`,
      response: status,
      effects: effects(status),
      unspecified: true,
    }),
  ];
}

/** The members that two representations share: what stands in the one is right in the other. */
function shared(documents: Documents, from: Properties, to: Properties): string[] {
  return [...from].flatMap(([name, property]) => (fitsIn(documents, property, to.get(name)) ? [name] : []));
}

/** The members of a request that are shown again. */
function echoes(documents: Documents, request: Properties, shown: Properties): string[] {
  return shared(documents, request, shown).filter((name) => isWritable(request.get(name)));
}

function fitsIn(documents: Documents, from: DocumentNode | undefined, to: DocumentNode | undefined): boolean {
  if (from === undefined || to === undefined || asObject(to.value).writeOnly === true) return false;
  return asObject(from.value).writeOnly !== true && fits(documents, from, to);
}

function isWritable(property: DocumentNode | undefined): boolean {
  return property !== undefined && asObject(property.value).readOnly !== true;
}

/** Whether servers leave values as they were sent: not so instants, fractions, addresses and what holds these. */
function isLasting(documents: Documents, property: DocumentNode | undefined): boolean {
  if (property === undefined) return false;
  const types = typesOf(documents, property);
  const { format } = asObject(property.value);
  if (types === undefined || (format !== undefined && !types.includes('integer'))) return false;
  return types.every((type) => type === 'string' || type === 'integer' || type === 'boolean');
}

function isSameType(
  documents: Documents,
  property: DocumentNode | undefined,
  keySchema: DocumentNode | undefined,
): boolean {
  if (property === undefined) return false;
  const wanted = (keySchema && typesOf(documents, keySchema)) ?? ['string'];
  return typesOf(documents, property)?.every((type) => wanted.includes(type)) === true;
}
