/** The clock of what needs none: of orders without time. */
export const noTime = (): number => 0;
