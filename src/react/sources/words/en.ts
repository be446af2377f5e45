import type { Plural } from '../../messages/words.js';

/** English. Loaded with the sources, so the page of a host that has none of them is not heavier. */
export const en = {
  link: 'Link',
  camera: 'Camera',
  screen: 'Screen',
  recordVideo: 'Record a video',

  record: 'Record',
  stop: 'Stop',
  microphone: 'Microphone',
  noMicrophone: 'No microphone',
  level: 'Microphone level',
  mute: 'Mute the microphone',
  unmute: 'Turn the microphone on',
  countdown: 'Countdown',
  noCountdown: 'No countdown',
  secondsCountdown: '{n} s countdown',
  screenInstead: 'Screen instead',
  cameraInstead: 'Camera instead',
  asking: 'Waiting for the permission',
  screenHint: 'The browser asks what to show.',
  keptHere: '{size}, kept on this device',
  keptInPage: '{size}, kept in this page only',
  recordingAt: 'Recording · {time}',
  pausedAt: 'Paused · {time}',
  screenAt: 'Screen · {time}',
  saving: 'Preparing the recording',
  name: 'Name',
  use: 'Use recording',
  again: 'Record again',
  discardQuestion: 'Discard this recording?',
  keyRecord: 'records, stops',
  keyMute: 'mutes',
  keyClose: 'closes',
  sayRecording: 'Recording',
  sayStopped: 'Recording stopped',
  recordingName: 'Recording {date}',

  linkTitle: 'Add from links',
  linkField: 'Paste links, one a line',
  linkNote: 'The cloud fetches them itself. You can close this page.',
  changeLink: 'Change the link',
  removeLink: 'Remove this link',
  addLinks: { one: 'Add {n} video', other: 'Add {n} videos' },
  linkCount: '{n} of {of} can be added',
  linkProblems: {
    'no-link': 'This is not a link.',
    'not-https': 'Starts with http. Only https links can be added.',
    'web-page': 'That is a web page, not a video file.',
    'not-video': 'That is not a video file.',
    'too-long': 'This link is too long.',
  },
  keyPaste: 'pastes many',
  keyDelete: 'removes a link',
  keyAdd: 'adds',

  recordings: 'Recordings',
  recordedWhen: 'Recording, {moment}',
  recovered: 'Recovered',
  mayMiss: 'The last 2 s may be missing.',
  review: 'Review and upload',

  problems: {
    'camera-denied': [
      'The browser does not allow the camera',
      'Allow it in the address bar, or choose a video from this device.',
    ],
    'microphone-denied': [
      'The browser does not allow the microphone',
      'Allow it in the address bar, or record without it.',
    ],
    'screen-denied': ['The screen cannot be shown', 'Allow it in the settings of the system.'],
    'no-device': ['No camera was found', 'Connect one, or choose a video from this device.'],
    'in-use': ['The camera cannot be used', 'Another program may be using it.'],
    'no-space': ['There is no space for a recording', 'Free some space on this device.'],
    'cannot-record': ['This browser cannot record', 'Choose a video from this device.'],
  },
  tryAgain: 'Try again',
  notLoaded: 'This could not be loaded. Check the network and try again.',
  notices: {
    'camera-lost': 'The camera was disconnected. The recording up to then is kept.',
    'microphone-lost': 'The microphone was disconnected. The picture is still recorded.',
    full: 'This device has no space left. The recording up to then is kept.',
    'almost-full': 'This device has space for about {n} min.',
    failed: 'The browser stopped the recording. What was recorded is kept.',
  },
} as const;

type Widen<T> = T extends string
  ? string
  : T extends { readonly other: string }
    ? Plural
    : T extends readonly [string, string]
      ? readonly [string, string]
      : { readonly [Name in keyof T]: Widen<T[Name]> };

/** What the sources say, in one language. `{name}` stands for a value. */
export type SourceWords = Widen<typeof en>;
