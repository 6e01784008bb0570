export { notArchived } from './archived';
export { pushCommand, settingWord, type OwnCommand } from './command';
export { glanceArchiving, type ArchivingGlance } from './glance';
export { lookIntoArchive, readArchivingPage, type PageOptions } from './page';
export { readArchiving, readSlots } from './read';
export { ageText, reportArchiving, settingOf } from './report';
export { applyArchiving, dataDirectory, planArchiving, type SetupOptions } from './setup';
export { DEFAULT_HELD_BYTES, slotNotice } from './slots';
export { testArchiving, type ArchiveTested, type ArchiveTestOptions } from './test';
export { archiveInTree, type ArchiveInTree } from './tree';
export type * from './types';
export {
  archiveRow,
  archivingTexts,
  viewArchiving,
  type ArchiveView,
  type ArchivingTexts,
  type ArchivingView,
} from './view';
export { archiveWindow, type ArchiveWindow } from './window';
