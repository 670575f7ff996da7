import { z } from 'zod';

const account = z.looseObject({
  id: z.string().max(500),
  name: z.string().max(500).optional().catch(undefined),
  aadObjectId: z.string().max(100).optional().catch(undefined),
});
const named = z.looseObject({ id: z.string().max(500), name: z.string().max(500).optional().catch(undefined) });
const channelData = z.looseObject({
  tenant: z
    .looseObject({ id: z.string().max(100) })
    .optional()
    .catch(undefined),
  team: named.optional().catch(undefined),
  channel: named.optional().catch(undefined),
  eventType: z.string().max(100).optional().catch(undefined),
});
const mention = z.object({
  type: z.literal('mention'),
  text: z.string().min(1).max(1000),
  mentioned: account,
});

/** What we read of an activity. Optional parts that are not as they should be count as not there. */
const activitySchema = z.looseObject({
  type: z.string(),
  id: z.string().max(500).optional().catch(undefined),
  name: z.string().max(200).optional().catch(undefined),
  text: z.string().optional().catch(undefined),
  value: z.unknown().optional(),
  action: z.string().max(100).optional().catch(undefined),
  replyToId: z.string().max(500).optional().catch(undefined),
  serviceUrl: z.string(),
  from: account.optional().catch(undefined),
  recipient: account.optional().catch(undefined),
  conversation: z.looseObject({
    id: z.string(),
    conversationType: z.string().optional().catch(undefined),
    tenantId: z.string().max(100).optional().catch(undefined),
  }),
  channelData: channelData.optional().catch(undefined),
  entities: z.array(z.unknown()).optional().catch(undefined),
  membersAdded: z.array(account).optional().catch(undefined),
  membersRemoved: z.array(account).optional().catch(undefined),
});

export type Mention = z.infer<typeof mention>;
export type IncomingActivity = z.infer<typeof activitySchema>;

/** The activity as this bot reads it. The envelope was checked when it came in; throws when it was not. */
export function readActivity(activity: unknown): IncomingActivity {
  return activitySchema.parse(activity);
}

export function mentionsOf(activity: IncomingActivity): Mention[] {
  return (activity.entities ?? []).flatMap((entity) => {
    const parsed = mention.safeParse(entity);
    return parsed.success ? [parsed.data] : [];
  });
}
