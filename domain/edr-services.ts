import type { Actor } from './access/actor.js';
import type { ActionView, DeviceActionKind } from './actions/action.js';
import type { ActionPolicy, PolicyChangeView } from './actions/policy.js';
import type { DeviceChoice, DeviceView } from './devices/device.js';
import type { PostureView } from './posture/posture.js';
import type { Changed, Click } from './services.js';
import type { SyncSource } from './sync/source.js';
import type { SyncStarted, SyncStatusView } from './sync/sync-status.js';

export interface DeviceService {
  view(actor: Actor, deviceId: string): Promise<DeviceView>;
  /** Devices that are not gone whose name is or begins with the text, whatever quotes and case: exact ones first, at most 10. */
  search(actor: Actor, text: string): Promise<readonly DeviceChoice[]>;
}

/** From where an action is asked for; it stands in the action and its card refreshes with it. */
export interface ActionCause {
  readonly entity: 'alert' | 'incident' | 'device' | 'action';
  readonly entityId: string;
}

/** What a form for an action shows before anything is asked for. */
export interface ActionForm {
  /** Devices that the alert or incident names; the form lets choose when there are several. */
  readonly devices: readonly ActionFormDevice[];
  readonly isDryRun: boolean;
}

export interface ActionFormDevice {
  readonly id: string;
  readonly name: string | null;
  readonly isSensitive: boolean;
  readonly needsApproval: boolean;
  /** The actor is a break-glass person, so that nobody needs to approve. */
  readonly actsAlone: boolean;
  /** Names of those who would be asked; none although approval is needed: nobody could approve. */
  readonly approvers: readonly string[];
  /** Why this cannot be asked for now, as a sentence; null when it can. */
  readonly fault: string | null;
  /** How many actions the device has had: part of the click's key, so that the same request may be made anew later. */
  readonly actionCount: number;
}

export interface ActionOrderRequest {
  readonly kind: DeviceActionKind;
  readonly cause: ActionCause;
  /** Isolation type or scan type; null for a release. */
  readonly parameter: string | null;
  readonly reason: string;
}

export interface ActionService {
  form(actor: Actor, kind: DeviceActionKind, cause: ActionCause): Promise<ActionForm>;
  /** `click.entityId` is the device. Records the request and enqueues what follows; nothing is sent here. */
  request(click: Click, order: ActionOrderRequest): Promise<Changed<ActionView>>;
  view(actor: Actor, actionId: string): Promise<ActionView>;
  findByNumber(actor: Actor, number: number): Promise<ActionView>;
  /** Never by the requester; the tenant's policy says whether analysts may. */
  approve(click: Click): Promise<Changed<ActionView>>;
  reject(click: Click, reason: string): Promise<Changed<ActionView>>;
  /** By the requester or an admin. */
  cancel(click: Click, reason: string): Promise<Changed<ActionView>>;
  /** Another admin has looked at the use of break-glass. */
  review(click: Click, note: string): Promise<Changed<ActionView>>;
  /** What the actor may approve now, oldest first, at most 20; and what waits for review. */
  waiting(actor: Actor): Promise<readonly ActionView[]>;
}

/** The tenant's rules for device actions; a change needs a second admin. */
export interface PolicyService {
  current(actor: Actor): Promise<ActionPolicy>;
  propose(
    click: Omit<Click, 'entityId' | 'version'>,
    change: Partial<ActionPolicy>,
    reason: string,
  ): Promise<Changed<PolicyChangeView>>;
  view(actor: Actor, changeId: string): Promise<PolicyChangeView>;
  /** Proposals that wait for a second admin; none for whoever is no admin. */
  waiting(actor: Actor): Promise<readonly PolicyChangeView[]>;
  confirm(click: Click): Promise<Changed<PolicyChangeView>>;
  reject(click: Click): Promise<Changed<PolicyChangeView>>;
}

export interface PostureService {
  read(actor: Actor): Promise<PostureView>;
}

/** An admin wants to have sources read now; the same key is served once. */
export interface SyncOrder extends Pick<Click, 'actor' | 'idempotencyKey' | 'activityId'> {
  readonly sources: readonly SyncSource[];
  /** Everything of sources that else read only what changed, where that is worth a choice: vulnerabilities. */
  readonly full: boolean;
}

/** For admins: how the reading of their tenant stands, and that it be done now. */
export interface SyncService {
  status(actor: Actor): Promise<SyncStatusView>;
  /** Enqueues what does not run or begin already. A hold stays until a run succeeds. */
  start(order: SyncOrder): Promise<SyncStarted>;
}
