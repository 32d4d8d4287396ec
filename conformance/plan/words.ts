/** Names and sentences for what a plan makes, such as a person would choose. */

import type { Target } from './goal.js';

/** The name of a transition in words: `logged-out` is "logged out". */
export function words({ transition }: Pick<Target, 'transition'>): string {
  return transition.name.replaceAll('-', ' ').replaceAll('_', ' ');
}

/** What a near miss is of its value, in words. */
export const nearMissWords: Readonly<Record<string, string>> = {
  wrong: 'a wrong',
  prefix: 'the first characters of the',
  empty: 'an empty',
  longer: 'one character more than the',
  'zero-before': 'a zero before the',
  'plus-before': 'a plus sign before the',
  decimal: 'a decimal point after the',
  half: 'half of the',
};
