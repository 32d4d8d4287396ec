/** Who has registered. */

/** By phone number. */
export const users = new Map();
export const organizations = ['129487316', '685QVK', 'XYBT7P', 'K7QUEV'];
