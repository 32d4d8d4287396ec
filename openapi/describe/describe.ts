/** A contract and its workflows in; their ledger out: what is said, what each statement rests on, and what is not said. */

import path from 'node:path';
import type { Workflow } from '../arazzo/workflow.js';
import type { Contract } from '../contract.js';
import { isRemote, type Place } from '../document/documents.js';
import { objectsOf } from '../document/objects.js';
import { asObject, isObject, type Json, type JsonObject, pointerTokens } from '../json.js';
import { provenanceOf } from '../provenance.js';
import { inferredIn, placeText } from './describe-inferred.js';
import { describeOperation, describeScheme, type TellPlace, writtenAt } from './describe-operation.js';
import { recordedDecisions, splitDescription, unseenIn } from './describe-records.js';
import { collectionsOf } from './describe-rule.js';
import type {
  CollectionDescription,
  Description,
  OperationDescription,
  Repaired,
  SchemeDescription,
  ServerDescription,
  SourcePage,
  Total,
  Unreached,
  WorkflowDescription,
} from './description.js';

/** The ledger of a contract. It depends on nothing but what the contract and the workflows say. */
export function describeContract(contract: Contract, workflows: readonly Workflow[]): Description {
  const tell = tellingFrom(contract.documents.root);
  const root = writtenAt(contract, { file: contract.documents.root, pointer: '' });
  const { description, preface, decisions } = splitDescription(contract.description ?? '');
  const operations = contract.operations.map((operation) => describeOperation(contract, operation, tell));
  const securitySchemes = contract.securitySchemes.map((scheme) => describeScheme(contract, scheme, tell));
  const described = workflows.map(describeWorkflow);
  const inferred = inferredIn(contract, tell);
  return {
    name: contract.name,
    title: contract.title,
    version: contract.version,
    summary: textOf(asObject(root.info).summary),
    description,
    documentation: textOf(asObject(root.externalDocs).url),
    servers: serversOf(root),
    totals: totalsOf(operations, securitySchemes, described),
    operations,
    securitySchemes,
    collections: collectionsIn(contract),
    workflows: described,
    aboutDecisions: preface,
    decisions: [...decisions, ...recordedDecisions(root)],
    unseen: unseenIn(root),
    repaired: operations.flatMap(repairedIn),
    unreached: operations.flatMap(unreachedIn),
    inferred,
    sources: sourcesOf(contract, operations, securitySchemes, described),
  };
}

/** Places as files seen from the folder of the document: `openapi.yaml#/paths`. */
function tellingFrom(root: string): TellPlace {
  const folder = path.dirname(root);
  return ({ file, pointer }: Place) => {
    const name = isRemote(file) ? file : path.relative(folder, file).replaceAll('\\', '/');
    return `${name}#${pointer}`;
  };
}

function serversOf(root: JsonObject): readonly ServerDescription[] {
  return (Array.isArray(root.servers) ? root.servers : []).filter(isObject).map((server) => ({
    url: textOf(server.url) ?? '/',
    description: textOf(server.description),
    basis: provenanceOf(server),
  }));
}

function describeWorkflow({ id, summary, description, provenance, steps }: Workflow): WorkflowDescription {
  return {
    id,
    summary,
    description: description?.trim(),
    basis: provenance,
    steps: steps.map((step) => ({
      id: step.id,
      description: step.description?.trim(),
      calls: step.call.kind === 'operation' ? step.call.operation.id : step.call.workflowId,
    })),
  };
}

/** The collections of the state, and the rules that read and change each. */
function collectionsIn(contract: Contract): readonly CollectionDescription[] {
  const owners = [
    ...contract.securitySchemes.map(({ name, transitions }) => ({ name, transitions })),
    ...contract.operations.map(({ id, transitions }) => ({ name: id, transitions })),
  ];
  const rules = owners.flatMap(({ name, transitions }) =>
    transitions.map((rule) => ({
      name: `${name}: ${rule.name}`,
      ...collectionsOf(writtenAt(contract, rule.at)),
    })),
  );
  return [...contract.initialState].map(([name, entries]) => ({
    name,
    startsWith: [...entries.keys()],
    readBy: rules.filter(({ read }) => read.includes(name)).map((rule) => rule.name),
    changedBy: rules.filter(({ changed }) => changed.includes(name)).map((rule) => rule.name),
  }));
}

type Statement = { readonly basis: OperationDescription['basis'] };

function totalsOf(
  operations: readonly OperationDescription[],
  schemes: readonly SchemeDescription[],
  workflows: readonly WorkflowDescription[],
): readonly Total[] {
  const responses = operations.flatMap((operation) => operation.responses);
  const bodies = operations.flatMap(({ requestBody }) => requestBody ?? []);
  const rows: readonly (readonly [string, readonly Statement[]])[] = [
    ['operations', operations],
    ['responses', responses],
    ['examples', distinctAt([...bodies, ...responses].flatMap(({ examples }) => examples))],
    ['rules', [...operations, ...schemes].flatMap(({ rules }) => rules)],
    ['security schemes', schemes],
    ['workflows', workflows],
  ];
  return rows.map(([what, statements]) => {
    const inferred = statements.filter(({ basis }) => basis.kind === 'inferred').length;
    return { what, documented: statements.length - inferred, inferred };
  });
}

/** What several operations share is one statement. */
function distinctAt<T extends { readonly at: string }>(statements: readonly T[]): readonly T[] {
  return [...new Map(statements.map((statement) => [statement.at, statement])).values()];
}

function repairedIn({ id, requestBody, responses }: OperationDescription): readonly Repaired[] {
  const examples = [
    ...(requestBody?.examples ?? []).map((example) => ({ ...example, of: 'request' })),
    ...responses.flatMap(({ status, examples: own }) => own.map((example) => ({ ...example, of: status }))),
  ];
  return examples.flatMap(({ of, name, repaired }) =>
    repaired === undefined ? [] : [{ operation: id, example: `${of}#${name}`, repaired }],
  );
}

function unreachedIn({ id, responses }: OperationDescription): readonly Unreached[] {
  return responses.flatMap(({ status, examples, reached }) => {
    const candidates = [
      ...(examples.length === 0 ? [{ example: undefined, reached }] : []),
      ...examples.map((each) => ({ example: each.name, reached: each.reached })),
    ];
    return candidates.flatMap((each) =>
      each.reached?.kind === 'nothing'
        ? [{ operation: id, status, example: each.example, reason: each.reached.reason }]
        : [],
    );
  });
}

/** The pages, in the order in which the contract comes to them, with what rests on each. */
function sourcesOf(
  contract: Contract,
  operations: readonly OperationDescription[],
  schemes: readonly SchemeDescription[],
  workflows: readonly WorkflowDescription[],
): readonly SourcePage[] {
  const pages = new Map<string, Set<string>>();
  const note = ({ basis }: Statement, what: string): void => {
    if (basis.kind === 'inferred' || basis.source === undefined) return;
    pages.set(basis.source, (pages.get(basis.source) ?? new Set()).add(what));
  };
  /** What several operations refer to is called by its own name. */
  const noteWithin = (
    each: Statement & { readonly at: string },
    operation: OperationDescription,
    what: string,
  ) => note(each, each.at.startsWith(`${operation.at}/`) ? `${operation.id}: ${what}` : sharedText(each.at));
  for (const operation of operations) {
    note(operation, operation.id);
    for (const each of operation.parameters) noteWithin(each, operation, `parameter ${each.name}`);
    for (const each of operation.requestBody?.examples ?? [])
      noteWithin(each, operation, `request ${each.name}`);
    for (const response of operation.responses) {
      noteWithin(response, operation, response.status);
      for (const each of response.examples) noteWithin(each, operation, `${response.status} ${each.name}`);
    }
    for (const each of operation.rules) noteWithin(each, operation, `rule ${each.name}`);
  }
  for (const scheme of schemes) {
    note(scheme, scheme.name);
    for (const each of scheme.rules) note(each, `${scheme.name}: rule ${each.name}`);
  }
  for (const { value, at, slot } of objectsOf(contract.documents)) {
    if (/^(?:example|response|operation|transition|parameter|securityScheme|value)$/.test(slot)) continue;
    if (isObject(value)) note({ basis: provenanceOf(value) }, placeText(contract, at));
  }
  for (const each of workflows) note(each, `workflow ${each.id}`);
  return [...pages].map(([source, statements]) => ({ source, statements: [...statements] }));
}

/** `responses › Unauthorized › token-expired`, from the place of an example that is shared. */
function sharedText(at: string): string {
  const [, first, second, ...inner] = pointerTokens(at.slice(at.indexOf('#') + 1));
  return [first, second, inner.at(-1)].filter((token) => token !== undefined).join(' › ');
}

function textOf(raw: Json | undefined): string | undefined {
  return typeof raw === 'string' && raw.trim() !== '' ? raw.trim() : undefined;
}
