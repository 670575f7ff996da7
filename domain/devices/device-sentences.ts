/** Why nothing can be done to a device, and what to do instead. */
export const deviceSentences = {
  superseded:
    'This record is superseded: the device was reinstalled or onboarded anew. Look the device up by its name and use the newer record.',
  gone: 'Neither Defender nor Intune has this device any more, so nothing can be done to it from here. If it is still in use, onboard it to Defender again.',
  unknownToDefender:
    'Defender does not know this device, only Intune or Entra does, so it cannot be reached. Onboard it to Defender for Endpoint first.',
  canBeOnboarded:
    'This device is not onboarded to Defender for Endpoint, so it cannot be reached. Onboard it first, or take it off the network by hand.',
  onboardingUnsupported:
    'Defender for Endpoint does not support this device, so it cannot be reached. Take it off the network by hand.',
  onboardingUnclear:
    'Defender knows too little of this device to reach it. Check its onboarding in the Defender portal, or take it off the network by hand.',
  platformNever:
    'Defender cannot isolate, release or scan devices of this platform. Use Intune or the device itself instead.',
  platformTooOld:
    'The operating system of this device is too old for isolation: it takes Windows 10 1703, Windows Server 2012 R2, macOS or Linux. Take it off the network by hand.',
  selectiveOnlyWindows: 'Selective isolation works on Windows only. Choose full isolation for this device.',
  selectiveTooOld: 'Selective isolation takes Windows 10 1709 or newer. Choose full isolation for this device.',
} as const;
