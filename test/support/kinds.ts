/** What was told, in short. */
export const kinds = (rig: { readonly events: readonly { readonly kind: string }[] }): string[] =>
  rig.events.map((event) => event.kind);
