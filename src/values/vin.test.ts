import { describe, expect, it } from 'vitest';
import { isVehicleNumber } from './vin.ts';

describe('isVehicleNumber', () => {
  it.each([
    ['1HGCM82633A004352', 'a VIN'],
    ['3C8FY58B82T389999', 'the VIN of the documents, whose check digit is wrong'],
    ['11111111111111111', 'seventeen digits'],
    ['ABC12', 'the shortest other number'],
    ['US-ABC12345C606', 'the number of a boat'],
    ['IOQ12345', 'letters that no VIN has, in another number'],
    ['1234567890123456789012345', 'the longest other number'],
    ['1HGCM82633A00435', 'one character less than a VIN'],
    ['1HGCM82633A0043522', 'one character more than a VIN'],
  ])('takes %s: %s', (text) => {
    expect(isVehicleNumber(text)).toBe(true);
  });

  it.each([
    ['', 'nothing'],
    ['AB12', 'too short'],
    ['12345678901234567890123456', 'too long'],
    ['1HGCM82633A00435I', 'a VIN with an I'],
    ['1HGCM82633A00435O', 'a VIN with an O'],
    ['1HGCM82633A00435Q', 'a VIN with a Q'],
    ['1HGCM-2633A004352', 'a VIN with a dash'],
    ['1hgcm82633a004352', 'small letters'],
    ['1HGCM82633A004352\n', 'a line end'],
    ['ABC 12', 'a blank'],
    ['ABC_12', 'another character'],
    ['ÄBC12', 'another letter'],
    ['１２３４５', 'digits of another width'],
  ])('refuses %j: %s', (text) => {
    expect(isVehicleNumber(text)).toBe(false);
  });
});
