'use strict';
const { byItself } = require('../by-itself');
const would = (what, answer) => async () => {
  byItself(what);
  return answer;
};
exports.installDriver = would('npx appium driver install');
exports.startAppiumServer = would('npx appium');
exports.stopAppiumServer = would('pkill -f appium');
exports.isEmulatorInstalled = would('emulator -list-avds', true);
exports.startAndroidEmulator = would('emulator -avd');
exports.getAppBundleId = would('osascript');
exports.getConnectedIOSDeviceUDID = would('xcrun');
exports.getActiveAndroidDevices = would('adb devices', 2);
exports.getApkDetails = async () => ({
  packageName: 'dev.example.app',
  launchableActivity: 'dev.example.app.Main',
});
