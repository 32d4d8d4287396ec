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
  'last-other': 'another last character in the',
  'first-other': 'another first character in the',
  'rest-other': 'only the first character of the',
  repeated: 'twice the',
  'space-before': 'a space before the',
  'space-after': 'a space after the',
  'space-inside': 'a space inside the',
  'hyphen-inside': 'a hyphen inside the',
  'line-break-after': 'a line break after the',
  'zero-byte-after': 'U+0000 after the',
  'full-width': 'full-width characters in the',
  'arabic-digits': 'Arabic digits in the',
  quoted: 'quotation marks around the',
  'percent-encoded': 'percent-encoding in the',
  'bearer-before': 'the word Bearer before the',
  'other-case': 'another letter case in the',
  zeros: 'nothing but zeros for the',
  ones: 'nothing but ones for the',
  counting: '1, 2, 3 and so on for the',
  wildcard: 'a percent sign for the',
  'any-characters': 'underscores for the',
  pattern: 'a regular expression for the',
};
