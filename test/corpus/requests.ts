/** One valid request for each operation of a contract, made as the check makes them. */

import { firstOf } from '../../conformance/input/input.js';
import { madeInputs } from '../../conformance/input/made-inputs.js';
import { basesOf } from '../../conformance/plan/base.js';
import { groundOf } from '../../conformance/plan/reach.js';
import { requestOf } from '../../conformance/step-request.js';
import { basePathsFor, mountPoints } from '../../mock/mount.js';
import { evaluateTemplate } from '../../openapi/arazzo/workflow-expression.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import type { RequestMessage } from '../../openapi/http/message.js';
import type { Json } from '../../openapi/json.js';

export type Made =
  | { readonly kind: 'request'; readonly request: RequestMessage }
  | { readonly kind: 'none'; readonly why: string };

/** Makes the request of an operation as a mock takes it, the first of those that the check would begin with. */
export function requestMaker(contract: Contract): (operation: Operation) => Promise<Made> {
  const ground = groundOf(contract, true);
  const [point] = mountPoints([contract], false);
  const inputs = madeInputs(contract, {
    source: firstOf([]),
    credentials: [],
    any: true,
    good: () => {},
    seed: 1,
  });
  const { signal } = new AbortController();
  return async (operation) => {
    const first = basesOf(ground, operation).find(({ setup }) => setup === undefined);
    if (first === undefined)
      return { kind: 'none', why: 'the plan has no request that needs no other before it' };
    const values: Record<string, Json> = {};
    for (const name of inputsIn(first.step)) {
      const answer = await inputs({ name, for: {}, use: 1, schema: {}, signal });
      if (answer.kind === 'none') return { kind: 'none', why: answer.reason };
      values[name] = answer.value;
    }
    const scope = { inputs: values, steps: {}, workflows: {}, outputs: {}, exchange: undefined };
    const built = requestOf(operation, first.step, [], (template) => evaluateTemplate(template, scope));
    if (built.kind === 'impossible') return { kind: 'none', why: built.why };
    const base = (point && basePathsFor(point, operation)[0]) ?? '';
    return { kind: 'request', request: { ...built.request, path: `${base}${built.request.path}` } };
  };
}

function inputsIn(step: unknown): ReadonlySet<string> {
  const names = [...JSON.stringify(step, leftOut).matchAll(/\$inputs\.([A-Za-z0-9_-]+)/g)].map(
    ([, name]) => name ?? '',
  );
  return new Set(names);
}

/** The operation itself is no template. */
function leftOut(name: string, value: unknown): unknown {
  return name === 'call' ? undefined : value;
}
