/** The id of the construct of a function or queue: `watch` is `Watch`. Logical ids are made of it, so it must not change. */
export const constructId = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
