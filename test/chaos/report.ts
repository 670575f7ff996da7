/** What is wrong, in words; and figures for the summary. */
export interface Report {
  readonly violations: string[];
  readonly figures: Record<string, number>;
}
