/** The call of an operation as nothing but its own description tells it: documented examples, or what its schemas allow. */

import type { Step, Template } from '../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import { inputName } from '../credentials.js';
import { carriedSchemes, partsOf, requestBodyFor } from './body.js';
import { callStep, type Draft, emptyDraft, input, withInput } from './draft.js';

/** The step, and a draft with the inputs that it mentions. */
export function plainDraft(
  contract: Contract,
  operation: Operation,
): { readonly draft: Draft; readonly step: Step } {
  const [first] = carriedSchemes(operation);
  const isOpen =
    operation.security.length === 0 || operation.security.some((requirement) => requirement.length === 0);
  const name = inputName(first?.name ?? '');
  const parts = new Map<string, Template>(
    first === undefined || isOpen ? [] : [['credential', `$inputs.${name}`]],
  );
  const parameters = partsOf(contract, operation, parts, 0) ?? [];
  const named = parameters.flatMap(({ value }) =>
    [...String(value).matchAll(/\$inputs\.([A-Za-z0-9_-]+)/g)].map(([, each]) => each ?? ''),
  );
  const draft = named.reduce((current, each) => withInput(current, input(each, each)), emptyDraft);
  const requestBody = requestBodyFor(contract, operation, parts);
  return { draft, step: callStep(operation.id, operation, { parameters, requestBody }) };
}
