/** Time of the last change, at which the walk of all alerts is cut into pages. */
export const byUpdate = 'lastUpdateDateTime';
/** Time of creation, which cuts the alerts of one single update time. */
export const byCreation = 'createdDateTime';

export interface AlertQuery {
  /** An OData condition, or null for all alerts. */
  readonly filter: string | null;
  readonly orderBy: typeof byUpdate | typeof byCreation;
  readonly top: number;
}

/** Path and query below /v1.0. The Graph client does not encode values. */
export function alertPath({ filter, orderBy, top }: AlertQuery): string {
  const parts = [`$orderby=${encodeURIComponent(`${orderBy} asc`)}`, `$top=${top}`];
  if (filter !== null) parts.unshift(`$filter=${encodeURIComponent(filter)}`);
  return `/security/alerts_v2?${parts.join('&')}`;
}
