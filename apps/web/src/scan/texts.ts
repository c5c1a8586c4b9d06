import { defineTexts } from "../frame/texts.ts";

export const scanTexts = defineTexts({
  en: {
    title: "Scan a code",
    hint: "Hold the code in front of the camera.",
    starting: "Starting the camera …",
    refused: "The camera cannot be used. Allow it in the browser, or choose a picture of the code.",
    picture: "Choose a picture",
    nothing: "No code was found in the picture. Try a sharper one.",
  },
  zh: {
    title: "扫描二维码",
    hint: "请将二维码对准摄像头。",
    starting: "正在启动摄像头……",
    refused: "无法使用摄像头。请在浏览器中允许使用，或选择一张二维码图片。",
    picture: "选择图片",
    nothing: "图片中没有找到二维码。请换一张更清晰的。",
  },
});
