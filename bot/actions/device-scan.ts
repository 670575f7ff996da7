import { deviceRequest } from './device-request.js';

export const deviceScan = deviceRequest('device.scan', 'scan');
