export { planCreatePoint, type CreatePointRequest } from './create';
export { listPoints } from './list';
export { planBack, planUndo, type BackRequest } from './back';
export { planExpire, expired, type ExpireRequest, type Keep } from './expire';
