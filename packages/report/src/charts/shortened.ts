/** A name of at most `limit` characters, cut with an ellipsis. */
export function shortened(name: string, limit = 20): string {
  const characters = [...name];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : name;
}
