import type { Plural } from './words.js';

/**
 * English of the parts that are loaded on demand, so that a page without them is not heavier: `notes` (what is worth
 * knowing of files), `sources` (link, camera, screen) and `trim` (trimming and shrinking).
 */
export const englishOnDemand = {
  notes: {
    title: { one: '{n} thing to know before sending', other: '{n} things to know before sending' },
    titleSent: { one: '{n} thing to know', other: '{n} things to know' },
    hint: 'Uploads go on; change what you like.',
    keep: 'Keep all',
    remove: 'Remove',
    removeAll: 'Remove {n}',
    skip: 'Skip it',
    skipAll: 'Skip {n}',
    depth: '{codec}, {n} bit',
    hdr: 'HDR',
    noSound: 'No sound',
    vertical: 'Vertical',
    incomplete: 'Cut off',
    sameVideo: 'The same video again',
    codecText: 'Not every browser plays {file} as it is.',
    hdrText: 'Colors of {file} look different on screens without HDR.',
    noSoundText: '{file} has no audio track.',
    verticalText: '{file} is {size}.',
    incompleteText: 'The end of {file} is missing.',
    sameVideoText: '{file} is the same video as {other}.',
    sentBeforeText: '{file} was sent before: {moment}.',
  },
  sources: {
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
  },
  trim: {
    trim: 'Trim',
    start: 'Start',
    end: 'End',
    playhead: 'Position',
    startAt: 'Start {time}',
    endAt: 'End {time}',
    mode: 'How to cut',
    lossless: 'Lossless',
    exact: 'Exact',
    losslessNote: 'Cut at the nearest key frames. Nothing is encoded again.',
    exactNote: 'Cut on the frame. The picture is encoded again.',
    keyStart: 'start here',
    keyEnd: 'end here',
    keyFrame: 'one frame',
    keyPlay: 'plays the cut',
    notChanged: 'Saved in this browser. The file on your disk is not changed.',
    reset: 'Reset',
    apply: 'Apply',
    back: 'Back',
    reading: 'Reading the film',
    cutting: 'Cutting',
    sentQuestion: '{size} were sent already. The cut is sent from its beginning.',
    sendAnew: 'Cut and send again',
    sayTrimmed: 'Trimmed to {time}',
    cannotTrim: 'This film cannot be trimmed here',
    tooLate: 'It was sent meanwhile, so it can no longer be trimmed.',

    smallerCopy: 'Send a smaller copy?',
    original: 'Original',
    untouched: 'untouched',
    soundCopied: 'sound copied as it is',
    about: 'about {value}',
    timesNote: 'Times include shrinking and sending at {speed}.',
    noTimes: 'How long it takes is not known before the line has been measured.',
    useForAll: { one: 'Use for {n} more video of this drop', other: 'Use for {n} more videos of this drop' },
    sendOriginal: 'Send original',
    sendSmaller: 'Send {lines}',
    always: 'Videos are sent at {lines} here',
    alwaysNote: 'At most {lines} and {speed}. Your files are not changed.',
    copies: 'Smaller copies',
    shrinking: 'Shrinking to {lines}',
    waiting: 'Waiting to shrink',
    cannotShrink: 'Cannot shrink here, sending the original',
    interrupted: 'Not sent yet',
    interruptedNote: 'The page was closed while a smaller copy was made.',
    shrinkAgain: 'Shrink again',
    chooseAgain: 'Choose the file',
    wrongFile: 'That is another file.',

    problems: {
      'cannot-read': 'This kind of file cannot be read here.',
      'cannot-decode': 'This browser cannot decode the video.',
      'cannot-encode': 'This browser cannot encode the video.',
      'cannot-copy': 'A stream of this file cannot be copied.',
      differs: 'The copy was not like the original, and was discarded.',
      'no-space': 'This device has no space for a copy.',
      'no-storage': 'This browser keeps no files for pages.',
      stopped: 'It was stopped before it was done.',
    },
    notLoaded: 'This could not be loaded. Check the network and try again.',
  },
} as const;

type Widen<T> = T extends string
  ? string
  : T extends { readonly other: string }
    ? Plural
    : T extends readonly [string, string]
      ? readonly [string, string]
      : { readonly [Name in keyof T]: Widen<T[Name]> };

/** What these parts say, in one language. `{name}` stands for a value. */
export type OnDemandWords = Widen<typeof englishOnDemand>;

export type NoteWords = OnDemandWords['notes'];
export type SourceWords = OnDemandWords['sources'];
export type TrimWords = OnDemandWords['trim'];
