import { z } from 'zod';

/** Members of evidence are read one by one: each may be missing, null or of a type we do not expect. */
const text = z.string().nullable().catch(null).default(null);
const texts = z.array(z.string().catch('')).catch([]).default([]);

const account = z
  .object({ accountName: text, domainName: text, userPrincipalName: text, displayName: text })
  .nullable()
  .catch(null)
  .default(null);
const file = z
  .object({ fileName: text, filePath: text, sha256: text, sha1: text })
  .nullable()
  .catch(null)
  .default(null);
const sender = z.object({ emailAddress: text, displayName: text }).nullable().catch(null).default(null);

/** Of the about 50 evidence types, the members that say something to a person; the rest is dropped here. */
export const evidenceRecord = z.object({
  '@odata.type': text,
  mdeDeviceId: text,
  azureAdDeviceId: text,
  deviceDnsName: text,
  hostName: text,
  osPlatform: text,
  version: text,
  riskScore: text,
  healthStatus: text,
  onboardingStatus: text,
  loggedOnUsers: z.array(account).catch([]).default([]),
  userAccount: account,
  primaryAddress: text,
  upn: text,
  fileDetails: file,
  imageFile: file,
  processCommandLine: text,
  ipAddress: text,
  url: text,
  subject: text,
  p1Sender: sender,
  registryHive: text,
  registryKey: text,
  displayName: text,
  name: text,
  domainName: text,
  resourceName: text,
});
export type Evidence = z.infer<typeof evidenceRecord>;

/** The alert itself. Only what identifies an observation, `id` and `lastUpdateDateTime`, is indispensable. */
export const alertRecord = z.object({
  id: z.string().trim().min(1, 'id is blank').max(500, 'id is longer than 500 characters'),
  lastUpdateDateTime: z.string(),
  incidentId: text,
  title: text,
  description: text,
  severity: text,
  status: text,
  category: text,
  serviceSource: text,
  detectionSource: text,
  threatDisplayName: text,
  threatFamilyName: text,
  recommendedActions: text,
  alertWebUrl: text,
  incidentWebUrl: text,
  mitreTechniques: texts,
  createdDateTime: text,
  lastActivityDateTime: text,
  evidence: z.array(evidenceRecord.nullable().catch(null)).catch([]).default([]),
});
export type AlertRecord = z.infer<typeof alertRecord>;
