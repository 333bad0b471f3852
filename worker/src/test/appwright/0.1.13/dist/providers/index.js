'use strict';
const classes = {
  emulator: require('./emulator').EmulatorProvider,
  'local-device': require('./local').LocalDeviceProvider,
  browserstack: require('./browserstack').BrowserStackDeviceProvider,
  lambdatest: require('./lambdatest').LambdaTestDeviceProvider,
};
exports.getProviderClass = (name) => classes[name];
exports.createDeviceProvider = (project) =>
  new classes[project.use.device.provider](project, project.use.appBundleId);
