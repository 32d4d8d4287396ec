/** What several workflows need first, as one workflow that they call: a session is opened once, not for each. */

import type { Step, Template, Workflow } from '../../openapi/arazzo/workflow.js';
import { type Draft, emptyDraft, mapTexts, slug, workflowOf, workflowStep } from './draft.js';
import type { Reached } from './reach.js';

/** A draft that calls a setup in the place of its first steps, with its last step rewritten to use the outputs of that. */
export type Shared = {
  readonly setup: Workflow | undefined;
  readonly draft: Draft;
  /** Makes a template of the original draft one of this draft. */
  readonly rewrite: (template: Template) => Template;
};

/** All but the last step of what was reached, as a setup; it puts out what the last step uses, and these templates. */
export function asShared(reached: Reached, more: readonly Template[] = []): Shared {
  const first = reached.draft.steps.slice(0, -1);
  if (first.length === 0) {
    return {
      setup: undefined,
      draft: { ...emptyDraft, inputs: reached.draft.inputs },
      rewrite: (template) => template,
    };
  }
  const id = slug(`before ${reached.target.operation.id} ${reached.target.transition.name}`);
  const outputs = new Map<string, string>();
  const rewrite = (template: Template): Template =>
    mapTexts(template, (text) =>
      text.replace(
        /\$(?:steps\.[A-Za-z0-9_-]+\.outputs|inputs)\.([A-Za-z0-9_-]+)/g,
        (expression, name: string) => {
          const known = [...outputs].find(([, each]) => each === expression)?.[0];
          const output = known ?? (outputs.has(name) ? `${name}_${outputs.size + 1}` : name);
          outputs.set(output, expression);
          return `$steps.setup.outputs.${output}`;
        },
      ),
    );
  const { parameters, requestBody } = reached.step;
  rewrite([parameters.map(({ value }) => value), requestBody?.payload ?? null, ...more]);
  const setup = workflowOf(
    id,
    `what comes before ${reached.target.operation.id}`,
    { steps: first, inputs: reached.draft.inputs },
    {
      outputs: [...outputs],
    },
  );
  const call: Step = {
    ...workflowStep('setup', id, true),
    outputs: [...outputs.keys()].map((name) => [name, `$outputs.${name}`]),
  };
  return { setup, draft: { steps: [call], inputs: [] }, rewrite };
}
