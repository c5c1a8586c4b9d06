import { defineTexts } from "../frame/texts.ts";

/** Where the clocks of this device and of the network disagree. */
export const clockTexts = defineTexts({
  en: {
    title: "The clock of this device seems to be wrong",
    text: "This device says {{device}}, the network {{network}}. Set date and time in the device's settings, best to “automatic”. Until then nothing is signed, and times here may be wrong. If this device is right after all, leave it so and tell whoever runs the network.",
    again: "Compare again",
  },
  zh: {
    title: "这台设备的时钟似乎不准",
    text: "设备显示 {{device}}，网络显示 {{network}}。请在设备设置中校正日期和时间，最好选择“自动设置”。在此之前不会签署任何内容，这里显示的时间也可能有误。如果设备的时间其实是对的，请不要改动，并告知网络的运营者。",
    again: "重新比对",
  },
});
