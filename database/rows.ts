/** Generated from a migrated database by `npm run types:rows`. Do not edit; a test finds drift. */

export type AlertSeverity = 'critical' | 'high' | 'medium' | 'low';

export type AlertSourceSystem = 'edr' | 'firewall' | 'email';

export type AlertStatus =
  'open' | 'assigned' | 'investigating' | 'escalated' | 'closed_benign' | 'closed_false_positive';

export type IncidentStatus = 'open' | 'in_progress' | 'resolved' | 'dismissed';

export type PlaybookStatus = 'active' | 'draft' | 'deprecated';

/** Entra tenants whose Teams activities are accepted at all */
export interface AcceptedEntraTenantsRow {
  entra_tenant_id: string;
  /** Whose it is, for the next administrator */
  note: string | null;
  created_at: Date;
}

/** Changes of the rules for device actions, which need a second admin */
export interface ActionPolicyChangesRow {
  tenant_id: string;
  id: string;
  status: 'proposed' | 'confirmed' | 'rejected' | 'expired';
  /** Members of the settings that change, e.g. {"dryRun": false} */
  change: unknown;
  reason: string;
  proposed_by: string;
  proposed_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
  expires_at: Date;
  version: number;
}

/** Token buckets for requests to Microsoft, shared by all processes */
export interface ApiBudgetsRow {
  tenant_id: string;
  api: 'graph_security' | 'graph_intune' | 'defender';
  /** Requests that may still leave; refilled evenly to the limit of a minute */
  minute_tokens: string;
  /** The same for an hour; null for an API without such a limit */
  hour_tokens: string | null;
  /** By the database's clock without the sandbox offset */
  refilled_at: Date;
}

/** Who was asked to approve something, and where */
export interface ApprovalAsksRow {
  tenant_id: string;
  entity_type: 'action' | 'policy_change';
  entity_id: string;
  user_id: string;
  /** personal: card in the personal chat; mention: named in the channel; nowhere: could not be reached; null: not tried yet */
  reached: 'personal' | 'mention' | 'nowhere' | null;
  /** The personal chat that has the card */
  conversation_id: string | null;
  asked_at: Date | null;
  /** Set once, 10 minutes after asking */
  reminded_at: Date | null;
  created_at: Date;
}

/** Where sealing goes on: the newest position of each chain */
export interface AuditHeadsRow {
  tenant_id: string;
  position: string;
  hash: Buffer | null;
  /** Every audit row of an older transaction is sealed */
  sealed_below: string;
}

/** Who did what, append-only: the application may insert and read, nothing else */
export interface AuditLogRow {
  /** No foreign key, so that it outlives the tenant; the nil uuid is the installation's own chain */
  tenant_id: string;
  id: string;
  at: Date;
  actor_kind: 'person' | 'system' | 'job';
  /** User id of a person, or <entra tenant>/<object id> of an unknown one, or the name of a job; never a name of a person */
  actor: string;
  action: string;
  outcome: 'done' | 'refused' | 'failed';
  entity_type: string | null;
  entity_id: string | null;
  before: unknown;
  after: unknown;
  /** Free text of the person, kept as written */
  reason: string | null;
  activity_id: string | null;
  /** Transaction that wrote the row: sealed only when older than every running one */
  xid: string;
}

/** One chain per tenant: position n is SHA-256 over the hash of n - 1 and the fields of one audit row */
export interface AuditSealsRow {
  tenant_id: string;
  position: string;
  audit_id: string;
  hash: Buffer;
  sealed_at: Date;
}

/** Which conversation receives what of a tenant */
export interface ChannelLinksRow {
  tenant_id: string;
  id: string;
  conversation_id: string;
  purpose: 'alerts' | 'escalations' | 'reports';
  /** lost: the app or the conversation is gone, delivery stopped; removed: an admin unlinked it */
  state: 'active' | 'lost' | 'removed';
  linked_by: string;
  lost_at: Date | null;
  lost_reason: string | null;
  created_at: Date;
  updated_at: Date;
}

/** Installation table: every conversation the bot was seen in, known before a tenant is */
export interface ConversationsRow {
  conversation_id: string;
  kind: 'channel' | 'groupChat' | 'personal';
  /** Bot Connector address; its host was on the allow-list when it was stored */
  service_url: string;
  /** Entra tenant the conversation lives in, not the tenant it serves */
  entra_tenant_id: string;
  bot_id: string;
  team_name: string | null;
  channel_name: string | null;
  /** The person of a personal chat */
  aad_object_id: string | null;
  /** The one tenant this conversation serves; null until an admin links it */
  tenant_id: string | null;
  state: 'active' | 'lost';
  lost_reason: string | null;
  created_at: Date;
  last_seen_at: Date;
  /** Teams id of the team of a channel; events about a team concern all its channels */
  team_id: string | null;
}

/** One row per conversation that had something to deliver: who is delivering, and not before when */
export interface DeliveryLanesRow {
  tenant_id: string;
  conversation_id: string;
  /** Retry-After or back-off of the whole conversation */
  not_before: Date | null;
  lease_owner: string | null;
  lease_until: Date | null;
  /** Failed requests in a row; sets the back-off */
  failures: number;
}

/** Requests that left for Teams, so that any replica knows how much of a conversation's rate is used up */
export interface DeliveryLogRow {
  tenant_id: string;
  id: string;
  conversation_id: string;
  outbox_id: string;
  operation: 'post' | 'reply' | 'update';
  /** When the request left, by the database's clock without the sandbox offset */
  sent_at: Date;
}

/** Actions on devices: who asked for what, who approved it, what came of it */
export interface EdrActionsRow {
  tenant_id: string;
  id: string;
  /** Null only for resolve_alert */
  device_id: string | null;
  /** Who asked; keeps that person from being deleted */
  user_id: string;
  action_type: 'isolate' | 'unisolate' | 'scan' | 'resolve_alert';
  /** unknown = the outcome of the call to Microsoft is not known */
  status:
    | 'pending'
    | 'in_progress'
    | 'completed'
    | 'failed'
    | 'requested'
    | 'approved'
    | 'rejected'
    | 'expired'
    | 'unknown'
    | 'cancelled'
    | 'timed_out';
  result_message: string | null;
  initiated_at: Date;
  completed_at: Date | null;
  /** Goes with requester and approver into Microsoft's comment */
  reason: string | null;
  /** Another person than user_id, unless the tenant names break-glass people */
  approved_by: string | null;
  approved_at: Date | null;
  /** Microsoft's id of the machine action, once it is known */
  microsoft_action_id: string | null;
  /** As sent by Microsoft */
  microsoft_status: string | null;
  /** When an action that waits for an offline device is cancelled by itself */
  queue_expires_at: Date | null;
  created_at: Date;
  /** The alert that the action serves; null when none or deleted */
  alert_id: string | null;
  /** The incident that the action serves; null when none */
  incident_id: string | null;
  /** Per tenant; people say ACT-7 */
  number: number;
  /** Counts changes of the state, for clicks */
  version: number;
  /** Isolation type (Full, Selective) or scan type (Quick, Full) */
  parameter: string | null;
  needs_approval: boolean;
  /** An approval must be given by then; null when none is needed */
  approve_by: Date | null;
  /** Everything is done but the call to Microsoft */
  is_dry_run: boolean;
  /** Asked for by somebody who may act alone; announced, and to be reviewed by another admin */
  is_break_glass: boolean;
  reviewed_by: string | null;
  reviewed_at: Date | null;
  /** Who rejected or cancelled it */
  ended_by: string | null;
  /** What that person wrote */
  end_reason: string | null;
  /** Committed before the request leaves; found without an outcome, the request is never sent again */
  sent_at: Date | null;
  /** Follows an action that was under way at Microsoft already */
  is_attached: boolean;
  /** How often Microsoft was asked about it since it was sent */
  polls: number;
  /** When something is to be done about it next: ask, remind, expire, send, reconcile, poll, cancel; null when nothing is */
  next_step_at: Date | null;
  cancel_requested_by: string | null;
  /** A person or the queue time wants it cancelled at Microsoft */
  cancel_requested_at: Date | null;
  /** When the request to cancel last left */
  cancel_sent_at: Date | null;
  /** Microsoft's status of an action that had been given up, once it became known */
  late_outcome: string | null;
}

/** Alerts as Microsoft holds them; people work on security_alerts */
export interface EdrAlertsRow {
  tenant_id: string;
  id: string;
  device_id: string | null;
  microsoft_alert_id: string;
  /** As sent by Microsoft; unknown words are kept */
  severity: string;
  threat_type: string | null;
  threat_name: string | null;
  /** As sent by Microsoft; unknown words are kept */
  status: string;
  description: string | null;
  /** Microsoft's time of the alert; null when it sent none */
  detected_at: Date | null;
  /** Microsoft's last-update time as it sent it: 0 to 7 fractional digits, more than a timestamptz holds */
  last_update_raw: string | null;
  /** last_update_raw for ordering, in microseconds */
  last_update_at: Date | null;
  /** The last-update time in Microsoft's answer to our own write-back, which is no observation */
  own_update_raw: string | null;
  created_at: Date;
  updated_at: Date;
}

/** The newest compliance verdict of Intune on each device */
export interface EdrComplianceRow {
  tenant_id: string;
  id: string;
  device_id: string;
  /** As sent by Intune; unknown words are kept */
  compliance_state: string;
  /** Rules and policies that the device fails */
  failed_rules: unknown;
  security_baseline_status: string | null;
  /** State of the apps that the tenant requires */
  required_apps_status: unknown;
  /** When Intune checked, not when we read it */
  checked_at: Date;
}

/** Which device has which CVE; links that Microsoft closes are removed */
export interface EdrDeviceVulnerabilitiesRow {
  tenant_id: string;
  device_id: string;
  vulnerability_id: string;
  detected_at: Date;
  /** vendor/name/version of each product that has the CVE on this device; without any the link is removed */
  products: string[];
}

/** Devices as Defender and Intune know them */
export interface EdrDevicesRow {
  tenant_id: string;
  id: string;
  /** Defender machine id; null for a device that only Intune or Entra knows */
  microsoft_device_id: string | null;
  device_name: string | null;
  operating_system: string | null;
  os_version: string | null;
  primary_user: string | null;
  /** As sent by Defender; unknown words are kept */
  defender_health_status: string | null;
  /** 0 to 100 from Defender's word; null when unknown */
  risk_score: number | null;
  /** As sent by Defender */
  exposure_level: string | null;
  /** As sent by Intune */
  intune_compliance_state: string | null;
  intune_enrollment_status: string | null;
  /** When Microsoft last saw the device; never invented */
  last_seen_at: Date | null;
  /** Entra device id, in lower case: the only thing that Defender and Intune records are merged on */
  aad_device_id: string | null;
  /** What is known of network isolation; null when nothing is */
  isolation_state: string | null;
  /** Whether Defender can act on the device at all */
  onboarding_status: string | null;
  /** As sent by Defender; high-value devices always need approval */
  device_value: string | null;
  /** Complete walks of Defender in a row without the device; two mark it as gone */
  missed_syncs: number;
  /** The newer record of the same Entra device */
  superseded_by: string | null;
  /** Made for an alert before a device sync saw the device */
  is_stub: boolean;
  created_at: Date;
  updated_at: Date;
  /** Intune's id of the managed device; null when Intune does not know it */
  intune_device_id: string | null;
  /** As Intune sent it: good for a suggestion, never for a merge */
  serial_number: string | null;
  /** Tags as Defender sent them, an array of texts */
  machine_tags: unknown;
  /** When Defender first saw the device */
  first_seen_at: Date | null;
  /** The same for Intune */
  intune_missed_syncs: number;
  /** Since when neither Defender nor Intune has the device any more; it counts nowhere */
  gone_at: Date | null;
  /** Counts acts of people on the device, for clicks */
  version: number;
  /** When isolation_state became so, by the clock of Microsoft; what is older changes nothing */
  isolation_known_at: Date | null;
}

/** Posture of the tenant over time */
export interface EdrPostureScoresRow {
  tenant_id: string;
  id: string;
  /** 0 (worst) to 100, rounded half up */
  score: number;
  device_count: number;
  /** Devices with a risk score of 70 or more */
  high_risk_device_count: number;
  active_alert_count: number;
  /** CVEs with a CVSS score of 7.0 or more on at least one device */
  critical_vulnerability_count: number;
  non_compliant_device_count: number;
  /** 0 to 100; null when it dropped out because its sync never completed, as for the other factors */
  device_risk_factor: string | null;
  /** 0 to 100; null when it dropped out */
  alert_factor: string | null;
  /** 0 to 100; null when it dropped out */
  vulnerability_factor: string | null;
  /** 0 to 100; null when it dropped out */
  compliance_factor: string | null;
  /** The moment that the figures describe */
  calculated_at: Date;
  created_at: Date;
}

/** CVEs that Defender found in the tenant */
export interface EdrVulnerabilitiesRow {
  tenant_id: string;
  id: string;
  cve_id: string;
  /** As sent by Microsoft */
  severity: string | null;
  /** 0.0 to 10.0; null when unknown */
  cvss_score: string | null;
  exploitability: string | null;
  description: string | null;
  created_at: Date;
  updated_at: Date;
}

/** Which alerts an incident is about; an alert belongs to one at most */
export interface IncidentAlertLinksRow {
  tenant_id: string;
  incident_id: string;
  alert_id: string;
  /** The alert that was escalated; exactly one per incident */
  is_primary: boolean;
  created_at: Date;
}

/** Earlier cycles of reopened incidents; the current cycle stands in security_incidents */
export interface IncidentSlaCyclesRow {
  tenant_id: string;
  incident_id: string;
  /** The cycle that ended; the incident itself goes on with cycle + 1 */
  cycle: number;
  /** How the cycle ended */
  status: IncidentStatus;
  resolution_summary: string | null;
  dismissal_justification: string | null;
  sla_acknowledge_by: Date;
  sla_investigate_by: Date;
  sla_resolve_by: Date;
  acknowledged_at: Date | null;
  investigation_started_at: Date | null;
  resolved_at: Date;
  reopened_by: string;
  reopened_at: Date;
  /** Why it was reopened, in the person's own words */
  reopen_reason: string;
}

/** People who are super_admin in every tenant; granted by CLI */
export interface InstallationAdminsRow {
  /** The first act in a tenant adds a tenant_members row of role super_admin */
  user_id: string;
  created_at: Date;
}

/** Steps for investigating a class of alerts; a version is never edited */
export interface InvestigationPlaybooksRow {
  id: string;
  /** Null for the platform's library */
  tenant_id: string | null;
  name: string;
  version: string;
  status: PlaybookStatus;
  purpose: string | null;
  initial_validation_steps: unknown;
  source_investigation_steps: unknown;
  containment_checks: unknown;
  decision_guidance: unknown;
  /** Null exactly for the library */
  created_by: string | null;
  /** Roles that may use it; empty means every role that may read alerts */
  allowed_roles: string[];
  created_at: Date;
  updated_at: Date;
}

/** Idempotency of clicks and commands; kept 7 days */
export interface InvokeReceiptsRow {
  tenant_id: string;
  /** Verb, entity, version and person of a click, or conversation and activity id of a command */
  key: string;
  created_at: Date;
}

/** Ordered outgoing activities; one pending row per stale thing, so that refreshes merge */
export interface OutboxRow {
  tenant_id: string;
  id: string;
  conversation_id: string;
  /** What is stale, e.g. alert:<id>; unique per conversation while pending */
  stale_key: string;
  /** card: draw the entity anew; thread: a line of history (payload.auditId) under its card; notice: a message of its own */
  kind: 'card' | 'thread' | 'notice';
  entity_type: string | null;
  entity_id: string | null;
  payload: unknown;
  /** Raised when the thing becomes stale again; a send that began with an older one leaves the row pending */
  generation: number;
  /** parked: the outcome of two posts is unknown, so that a third could be a second duplicate; a person decides */
  state: 'pending' | 'sent' | 'dropped' | 'parked';
  attempts: number;
  unknown_outcomes: number;
  /** Set before a request that must not repeat leaves the process; found set after a crash, its outcome is unknown */
  sending_since: Date | null;
  due_at: Date;
  last_error: string | null;
  created_at: Date;
  finished_at: Date | null;
}

/** Which playbooks attach to alerts of which classification */
export interface PlaybookClassificationLinksRow {
  playbook_id: string;
  /** The playbook's, kept equal by a trigger; null for the library */
  tenant_id: string | null;
  classification: string;
  /** Shown first; one active primary per tenant and classification, the library apart */
  is_primary: boolean;
  /** The playbook's, kept equal by triggers so that an index can hold the rule */
  playbook_status: PlaybookStatus;
  created_at: Date;
}

/** Which Teams activity shows which entity */
export interface PostedCardsRow {
  tenant_id: string;
  entity_type: 'alert' | 'incident' | 'action' | 'policy_change';
  entity_id: string;
  conversation_id: string;
  /** Null when the activity is gone and the card must be posted anew */
  activity_id: string | null;
  /** Schema number of the card as it was last drawn */
  card_schema: number;
  posted_at: Date;
  updated_at: Date;
  /** In a personal chat: whose; such a copy needs no link */
  user_id: string | null;
}

/** Signals of machines, deduplicated, with the work of people on them */
export interface SecurityAlertsRow {
  tenant_id: string;
  id: string;
  /** Per tenant; people say A-1042 */
  number: number;
  source_system: AlertSourceSystem;
  /** Microsoft alert id, or <source>:<id or fingerprint>; #n is appended when a recurrence takes the bare id */
  source_id: string;
  alert_type: string;
  classification: string;
  severity: AlertSeverity;
  /** 0 critical to 3 low: enum order cannot be an index condition under row security */
  severity_rank: number;
  title: string;
  description: string | null;
  /** What the source sent beyond the columns; every value is untrusted */
  metadata: unknown;
  /** Observations; repeats count here and make no new row */
  seen_count: number;
  /** Our receipt time, not the time of the event */
  first_seen_at: Date;
  /** Our receipt time of the newest observation */
  last_seen_at: Date;
  defender_incident_id: string | null;
  defender_alert_id: string | null;
  threat_name: string | null;
  affected_device: string | null;
  affected_user: string | null;
  /** As sent by Microsoft */
  defender_severity: string | null;
  status: AlertStatus;
  /** Kept after closing and escalation; null exactly while open */
  assigned_to: string | null;
  assigned_at: Date | null;
  /** The source's own time of the event */
  detected_at: Date | null;
  device_id: string | null;
  /** Of device, type, classification and mapped fields, for senders without stable ids */
  fingerprint: string | null;
  investigation_started_at: Date | null;
  escalated_at: Date | null;
  closed_at: Date | null;
  /** Who closed it; a member of this tenant */
  closed_by: string | null;
  closing_notes: string | null;
  /** The closed alert that this one repeats */
  recurrence_of: string | null;
  /** When the source itself resolved it while it was open here */
  source_resolved_at: Date | null;
  /** Hidden from pings until then */
  snoozed_until: Date | null;
  /** Target for being taken; set once */
  take_by: Date | null;
  /** Target for being decided; set once */
  triage_by: Date | null;
  /** Counts workflow changes, not repeats */
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** Decisions of people that an alert needs a response, with their deadlines */
export interface SecurityIncidentsRow {
  tenant_id: string;
  id: string;
  /** Per tenant; people say INC-42 */
  number: number;
  /** Who escalated, until an admin hands it over; a member of this tenant */
  owner_id: string;
  title: string;
  description: string | null;
  /** Copied from the alert */
  severity: AlertSeverity;
  /** 0 critical to 3 low: enum order cannot be an index condition under row security */
  severity_rank: number;
  status: IncidentStatus;
  /** Set exactly when resolved */
  resolution_summary: string | null;
  /** Set exactly when dismissed */
  dismissal_justification: string | null;
  /** Deadline of this cycle */
  sla_acknowledge_by: Date;
  /** Deadline of this cycle */
  sla_investigate_by: Date;
  /** Deadline of this cycle, moved by pauses */
  sla_resolve_by: Date;
  acknowledged_at: Date | null;
  investigation_started_at: Date | null;
  /** When it reached a final status, dismissed as well as resolved */
  resolved_at: Date | null;
  /** 1, and one more at each reopening */
  cycle: number;
  /** Counts workflow changes */
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** One row per tenant and source */
export interface SyncCursorsRow {
  tenant_id: string;
  source: 'alerts' | 'devices' | 'compliance' | 'vulnerabilities';
  /** Microsoft's text of the newest change read completely, of isolations for devices; null before that, and for sources walked whole */
  watermark: string | null;
  /** The same as a time, for comparing; precision is microseconds */
  watermark_at: Date | null;
  last_success_at: Date | null;
  next_run_at: Date;
  /** Which consent, secret or permission is missing; an hourly probe lifts the hold */
  hold_reason: string | null;
  hold_since: Date | null;
  throttled_in_a_row: number;
  updated_at: Date;
  /** Last complete walk over everything, for sources that else read changes only */
  last_full_at: Date | null;
  /** Microsoft said that the tenant does not have this product; looked at again once a week */
  unlicensed_since: Date | null;
}

/** What each sync read and did; kept 90 days */
export interface SyncRunsRow {
  tenant_id: string;
  id: string;
  source: string;
  /** Null while it runs; partial: Microsoft answered 206, the watermark stays */
  outcome: 'complete' | 'partial' | 'failed' | 'held' | null;
  started_at: Date;
  finished_at: Date | null;
  pages: number;
  read_count: number;
  new_count: number;
  repeated_count: number;
  unchanged_count: number;
  /** Kept in edr_alerts only, because it was old or resolved when first seen */
  mirrored_count: number;
  malformed_count: number;
  /** Up to 20 of [{which, why}] */
  malformed_examples: unknown;
  error: string | null;
  /** delta: only what changed since the watermark */
  kind: 'full' | 'delta';
  changed_count: number;
  /** Devices marked as gone, or links between device and CVE that were closed */
  removed_count: number;
  /** How often each class of error occurred, e.g. {"throttled": 2, "malformed": 1} */
  errors: unknown;
}

/** Devices met by a walk that goes on; emptied when it ends */
export interface SyncSeenDevicesRow {
  tenant_id: string;
  run_id: string;
  device_id: string;
}

/** CVEs of devices met by a walk that goes on; emptied when it ends */
export interface SyncSeenVulnerabilitiesRow {
  tenant_id: string;
  id: string;
  run_id: string;
  device_id: string;
  vulnerability_id: string;
  product: string;
  /** A change that says that the product does not have the CVE on this device any more */
  is_fixed: boolean;
  /** When it changed, as Microsoft says: the newest change of a product holds; null for what is no change */
  changed_at: Date | null;
  /** When Microsoft first saw it; null when unknown */
  first_seen_at: Date | null;
}

/** The last number given to an alert or incident of the tenant */
export interface TenantCountersRow {
  tenant_id: string;
  kind: 'alert' | 'incident' | 'action';
  /** Draw with app.draw_numbers(); a number is never given twice */
  last_number: number;
}

/** Who may act in which tenant; deactivated, never deleted */
export interface TenantMembersRow {
  tenant_id: string;
  user_id: string;
  /** Grants the rights of domain/access; an unknown role has none */
  role: 'super_admin' | 'tenant_admin' | 'security_analyst' | 'it_helpdesk_analyst' | 'user';
  /** As cards of this tenant show the person */
  display_name: string;
  /** False revokes every right in this tenant */
  is_active: boolean;
  created_at: Date;
  updated_at: Date;
}

/** Customer organisations; the MSSP itself is a row too */
export interface TenantsRow {
  /** The tenant of every tenant_id; never confuse it with entra_tenant_id */
  id: string;
  name: string;
  domain: string | null;
  /** What this tenant sets for itself; absent keys mean the default */
  settings: unknown;
  /** False stops sync, delivery and every right in the tenant */
  is_active: boolean;
  created_at: Date;
  updated_at: Date;
  /** The Microsoft tenant whose data is synced */
  entra_tenant_id: string | null;
  /** When the product closed the tenant; erasure follows by CLI */
  closed_at: Date | null;
}

/** Directory of people; deactivated, never deleted */
export interface UsersRow {
  id: string;
  /** Home tenant; what a person may do where stands in tenant_members */
  tenant_id: string;
  email: string | null;
  first_name: string | null;
  last_name: string | null;
  /** Informational; tenant_members.role grants */
  role: string;
  is_active: boolean;
  created_at: Date;
  updated_at: Date;
  /** With aad_object_id the only identity that a Teams activity is trusted for */
  entra_tenant_id: string | null;
  /** Entra object id of the person within entra_tenant_id */
  aad_object_id: string | null;
}
