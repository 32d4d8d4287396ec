/** The steps of authored workflows meet their success criteria. */

import type { Check } from '../check.js';

/**
 * Names the findings of authored workflows. Whether a criterion holds depends on the inputs and outputs of the workflow, so
 * that the run itself raises them; of an exchange alone there is nothing to say.
 */
export const successCriteria: Check = {
  name: 'success-criteria',
  promise: 'Every step of a workflow meets its success criteria.',
  specification: {
    sentence: 'A step has succeeded when all of its success criteria hold.',
    section: 'Arazzo 1.0, section 4.6.5',
  },
  severity: 'error',
  begin: () => () => [],
};
