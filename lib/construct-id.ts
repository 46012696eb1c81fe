/** The id of the construct of a function or queue: "Watch" of `watch`. Logical ids are made of it. */
export const constructId = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
