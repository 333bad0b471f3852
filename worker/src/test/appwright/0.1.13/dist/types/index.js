'use strict';
exports.Platform = { ANDROID: 'android', IOS: 'ios' };
