export { createDoctor, diagnose, doctorFor, withoutSecrets, type Doctor } from './doctor';
export { doctorRules, type DoctorContext, type DoctorRule } from './doctorRules';
export type { ReaderSources } from './messages';
