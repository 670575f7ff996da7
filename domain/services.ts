import type { Actor, Person } from './access/actor.js';
import type { AlertListPage } from './alerts/alert-list.js';
import type { AlertView } from './alerts/alert-view.js';
import type { IncidentListPage } from './incidents/incident-list.js';
import type { IncidentView, LinkedAlert } from './incidents/incident.js';
import type { CardedEntity } from './channels/outbox.js';
import type { ConversationReference } from './channels/teams-gateway.js';
import type { ActionService, DeviceService, PolicyService, PostureService, SyncService } from './edr-services.js';

export type {
  DeviceService,
  ActionCause,
  ActionForm,
  ActionFormDevice,
  ActionOrderRequest,
  ActionService,
  PolicyService,
  PostureService,
  SyncOrder,
  SyncService,
} from './edr-services.js';

/** What Teams vouches for, before we know whether the person may do anything. */
export interface Caller {
  /** Entra tenant of the person, from the verified activity. */
  readonly entraTenantId: string;
  readonly aadObjectId: string;
  /** For display only; never an identity. */
  readonly displayName: string;
  readonly conversationId: string;
  readonly conversationKind: ConversationReference['kind'];
  readonly activityId: string | null;
}

/** A request to change one entity. `entityId` and `version` come from a card and are untrusted. */
export interface Click {
  readonly actor: Actor;
  readonly entityId: string;
  /** Version of the entity that the person was looking at; null when there was none (a command). */
  readonly version: number | null;
  /** Same act, same key, whatever Teams delivers: verb, entity, version and person, or conversation and activity id. */
  readonly idempotencyKey: string;
  readonly activityId: string | null;
  /** The card that was clicked, when it is the one of its channel: a post whose outcome was unknown is found again by it. */
  readonly card?: { readonly conversationId: string; readonly activityId: string } | null;
}

/** A resolved change: `repeated` when an earlier delivery of the same click had done it. */
export interface Changed<View> {
  readonly view: View;
  readonly repeated: boolean;
}

/** All the domain offers to the bot. Everything throws DomainError for people; anything else that is thrown is a bug. */
export interface Services {
  readonly access: AccessService;
  readonly alerts: AlertService;
  readonly incidents: IncidentService;
  readonly channels: ChannelService;
  readonly devices: DeviceService;
  readonly actions: ActionService;
  readonly policy: PolicyService;
  readonly posture: PostureService;
  readonly syncs: SyncService;
}

/** Somebody in a Teams conversation, as its roster names them. */
export interface RosterMember {
  readonly entraTenantId: string;
  readonly aadObjectId: string;
  readonly displayName: string;
}

export interface AccessService {
  /**
   * The actor for a verified caller. `tenantHint` is a tenant id from a card (untrusted): used in personal chat, and in a linked
   * conversation it must equal the link's tenant. Refusals (not accepted Entra tenant, guest, unknown, no membership, deactivated,
   * tenant unclear) name what is missing and who can grant it, and are audited.
   */
  resolveActor(caller: Caller, tenantHint: string | null): Promise<Actor>;
  /** Tenants the caller is an active member of, for `whoami` and for choosing. */
  memberships(caller: Caller): Promise<readonly { tenantId: string; tenantName: string; role: string }[]>;
  /** Members who may do alert work, for the choice in a dialog or a name in a command. */
  assignees(actor: Actor): Promise<readonly Person[]>;
  /** Members who may ask for actions on devices, for a break-glass person named in a command. */
  requesters(actor: Actor): Promise<readonly Person[]>;
  /** Of the people of a conversation those who may not read the tenant's alerts, although a card shows them to all of it. */
  withoutRightToRead(actor: Actor, people: readonly RosterMember[]): Promise<readonly RosterMember[]>;
}

export interface AlertService {
  view(actor: Actor, alertId: string): Promise<AlertView>;
  /** By speakable number, e.g. 1042 for A-1042. Uniform "not found here" otherwise. */
  findByNumber(actor: Actor, number: number): Promise<AlertView>;
  take(click: Click): Promise<Changed<AlertView>>;
  /** By an admin: to somebody who may do the work; also hand-over of assigned or investigating alerts. */
  assign(click: Click, assigneeId: string, reason: string): Promise<Changed<AlertView>>;
  investigate(click: Click): Promise<Changed<AlertView>>;
  escalate(click: Click): Promise<Changed<AlertView>>;
  close(click: Click, outcome: 'closed_benign' | 'closed_false_positive', notes: string): Promise<Changed<AlertView>>;
  release(click: Click, note: string): Promise<Changed<AlertView>>;
  reopen(click: Click, reason: string): Promise<Changed<AlertView>>;
  /** Open and unassigned, most urgent first, keyset paged (`cursor` is opaque and untrusted). */
  queue(actor: Actor, cursor: string | null): Promise<AlertListPage>;
  mine(actor: Actor, cursor: string | null): Promise<AlertListPage>;
}

export interface IncidentService {
  view(actor: Actor, incidentId: string): Promise<IncidentView>;
  findByNumber(actor: Actor, number: number): Promise<IncidentView>;
  start(click: Click): Promise<Changed<IncidentView>>;
  resolve(click: Click, summary: string): Promise<Changed<IncidentView>>;
  dismiss(click: Click, justification: string): Promise<Changed<IncidentView>>;
  reopen(click: Click, reason: string): Promise<Changed<IncidentView>>;
  handOver(click: Click, ownerId: string, reason: string): Promise<Changed<IncidentView>>;
  linkAlert(click: Click, alertId: string): Promise<Changed<IncidentView>>;
  /** The owner's own alerts under investigation, which may be linked. */
  linkable(actor: Actor, incidentId: string): Promise<readonly LinkedAlert[]>;
  list(actor: Actor, which: 'open' | 'all', cursor: string | null): Promise<IncidentListPage>;
}

export type LinkPurpose = 'alerts' | 'escalations' | 'reports';

export interface ChannelService {
  /**
   * Remembers or refreshes where a conversation is reached; brings a lost one back to life (its open cards are reposted once).
   * The service URL's host was checked by the caller against the allow-list, the Entra tenant is checked here.
   */
  remember(
    reference: ConversationReference,
    names: { team: string | null; teamId?: string | null; channel: string | null; aadObjectId: string | null },
  ): Promise<void>;
  /**
   * The app was removed or the conversation is gone: delivery stops, links are marked lost, admins are told elsewhere.
   * `entraTenantId` is where an event says so; a conversation that lives in another Entra tenant goes on.
   */
  lose(conversationId: string, why: string, entraTenantId?: string): Promise<void>;
  /** The app left the team, or the team is gone: as lose(), for every channel of it that we know. */
  loseTeam(teamId: string, why: string, entraTenantId: string): Promise<void>;
  /** The app or the team is back: its lost channels receive again, and their open cards are reposted once. */
  reviveTeam(teamId: string, entraTenantId: string): Promise<void>;
  /** By an admin, in a channel. Open alerts without a card are posted there. Resolves to a sentence for the admin. */
  link(actor: Actor, conversationId: string, purpose: LinkPurpose, activityId: string | null): Promise<string>;
  unlink(actor: Actor, conversationId: string, purpose: LinkPurpose | null, activityId: string | null): Promise<string>;
  /** Records that a click came from this card, so that a post of unknown outcome is found again (orphan repair). */
  noticeCard(
    actor: Actor,
    entity: CardedEntity,
    entityId: string,
    conversationId: string,
    activityId: string,
  ): Promise<void>;
}
