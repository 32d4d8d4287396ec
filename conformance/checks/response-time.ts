/** Every answer comes within the time that the user has set. */

import type { Check } from '../check.js';

/** Reports answers that took longer than the bound; without a bound there is nothing to report. */
export const responseTime: Check = {
  name: 'response-time',
  promise: 'Every answer comes within the time that was set for it.',
  specification: {
    sentence: 'No standard bounds the time that an answer takes: the user does.',
    section: 'Settings, responseTime',
  },
  severity: 'error',
  begin:
    ({ responseTime: longest }) =>
    ({ response, milliseconds }) => {
      if (longest === undefined || response === undefined || milliseconds <= longest) return [];
      return [
        {
          title: `an answer takes longer than ${longest} ms`,
          expected: `${longest} ms at most`,
          actual: `${Math.round(milliseconds)} ms`,
        },
      ];
    },
};
