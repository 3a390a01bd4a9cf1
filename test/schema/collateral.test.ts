import { describe, expect, it } from 'vitest';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const vehicle = `vin color bodyType driveTrain engine fuelType trim licensePlate licenseState licenseExpirationDate
  keyCodes sellingDealer`;
const fields = `collateralId isPrimary status statusId statusReason statusNote statusChangedAt collateralDisposition
  originalLoanAmount paymentAmount pastDueAmount unpaidBalance maximumBailout contractDate delinquentSince chargeOffDate
  additionalInfo onHookBy vehicleType vehicleTypeId year make model ${vehicle}`;
const fieldsInside = `parentCollateralId caseId vehicleId displayName isDamaged priorStatusId reason note completedBy recoveryId
  pendingRecoveryId orderFulfillmentHistoryId sourceCode outstandingBalance principalAmount interestAmount chargeOffAmount
  lastPaymentAmount lastPaymentType lastPaymentDate daysPastDue delinquentPaymentCount tranche estimatedValue baseCashValue
  averageCashValue averageWholesaleValue createdAt updatedAt deletedAt`;

describe('Order.collaterals', () => {
  it('answers the documented collateral in standard terms', async () => {
    const { query, calls } = await startGateway();
    const { data, errors } = await query(
      `{ order(orderId: "20") { collaterals { ${fields} displayName vehicle { vehicleId } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.order.collaterals).toEqual([
      {
        collateralId: '58842868',
        isPrimary: true,
        status: 'Repossessed',
        statusId: '3',
        statusReason: null,
        statusNote: null,
        statusChangedAt: '2026-02-17T10:48:34',
        collateralDisposition: null,
        originalLoanAmount: '0',
        paymentAmount: '0',
        pastDueAmount: '0',
        unpaidBalance: '0',
        maximumBailout: null,
        contractDate: null,
        delinquentSince: null,
        chargeOffDate: null,
        additionalInfo: null,
        onHookBy: null,
        vehicleType: 'Truck',
        vehicleTypeId: '2',
        year: 2005,
        make: 'Chevrolet',
        model: 'Silverado 1500',
        vin: '1GCEK19B75Z271554',
        color: 'Unknown Color',
        bodyType: null,
        driveTrain: 'Four-Wheel Drive',
        engine: '5.3L V8',
        fuelType: 'Gasoline',
        trim: null,
        licensePlate: null,
        licenseState: null,
        licenseExpirationDate: null,
        keyCodes: null,
        sellingDealer: null,
        displayName: null,
        vehicle: null,
      },
    ]);
    expect(calls()).toEqual(['/api/v130/orders/20/collaterals', '/api/v150/recon/orders']);
  });
});

describe('Assignment.primaryCollateral', () => {
  const document = `{ assignment(assignmentId: "57074903") { primaryCollateral { ${fields} ${fieldsInside}
    vehicle { vehicleId modelId createdAt updatedAt ${vehicle}
      properties { propertyId vehicleId name value origin employeeId companyId createdAt updatedAt }
      model { modelId name year typeId makeId bodyType driveTrain engine fuelType trim createdAt updatedAt
        make { makeId name description createdAt updatedAt } } }
  } } }`;

  const { data: updated } = corpusFile('recoveryconnect', 'updateAssignment').success as {
    data: { primary_collateral: Record<string, unknown> };
  };

  const ask = async (change: object = {}) => {
    const row = { ...updated, primary_collateral: { ...updated.primary_collateral, ...change } };
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterAssignments: { json: { data: [row] } },
    });
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    return data.assignment.primaryCollateral;
  };

  it('returns the documented collateral, with the values of its vehicle', async () => {
    const { vehicle: inside, ...collateral } = await ask();
    expect(collateral).toEqual({
      ...Object.fromEntries(
        [...fields.split(/\s+/), ...fieldsInside.split(/\s+/)].map((name) => [name, null]),
      ),
      collateralId: '58854526',
      parentCollateralId: '58854524',
      caseId: '57074903',
      vehicleId: '5441126',
      displayName: '2010 Nissan Xterra WP0AA29898U760244',
      isPrimary: true,
      isDamaged: false,
      // It is a number there: the name is unknown.
      status: null,
      statusId: '0',
      statusChangedAt: '2026-03-10T11:48:00',
      originalLoanAmount: '0',
      paymentAmount: '0',
      pastDueAmount: '0',
      unpaidBalance: '0',
      vin: 'WP0AA29898U760244',
      year: 2010,
      make: 'Nissan',
      model: 'Xterra',
      licensePlate: 'DQK4516',
      licenseState: 'OH',
      licenseExpirationDate: '2021-01-10',
      createdAt: '2026-03-10T11:27:47',
      updatedAt: '2026-03-10T11:48:28',
    });
    const { properties, model, ...itself } = inside;
    expect(itself).toEqual({
      ...Object.fromEntries(vehicle.split(/\s+/).map((name) => [name, null])),
      vehicleId: '5441126',
      modelId: '3876',
      vin: 'WP0AA29898U760244',
      licensePlate: 'DQK4516',
      licenseState: 'OH',
      licenseExpirationDate: '2021-01-10',
      createdAt: '2020-12-06T15:56:59',
      updatedAt: '2020-12-06T15:56:59',
    });
    expect(model).toEqual({
      modelId: '3876',
      name: 'Xterra',
      year: 2010,
      typeId: '82',
      makeId: '8',
      bodyType: null,
      driveTrain: null,
      engine: null,
      fuelType: null,
      trim: null,
      createdAt: '2015-12-01T15:30:06',
      updatedAt: '2026-03-10T11:18:07',
      make: {
        makeId: '8',
        name: 'Nissan',
        description: null,
        createdAt: '2014-10-29T19:47:11',
        updatedAt: '2014-10-29T19:47:11',
      },
    });
    expect(properties).toHaveLength(51);
    expect(properties).toContainEqual(
      expect.objectContaining({ name: 'license_no', value: 'DQK4516', origin: 'Purchase' }),
    );
    expect(properties[0]).toEqual({
      propertyId: '52989760',
      vehicleId: '5441126',
      name: 'body_type',
      value: null,
      origin: 'User Input',
      employeeId: '10000',
      companyId: '130913',
      createdAt: '2020-12-06T15:56:59',
      updatedAt: '2020-12-06T15:56:59',
    });
  });

  it('reads figures that no document shows filled in', async () => {
    const found = await ask({
      current_disposition: 'Auctioned',
      deliquent_since: '2025-11-01',
      chargeoff_amount: '7,000',
      chargeoff_date: '2026-01-31',
      maximum_bailout: '$300.00',
      number_payments_delinquent: '3',
      days_past_due: 92,
      last_payment_amount: '250.50',
      prior_status: 2,
    });
    expect(found).toMatchObject({
      collateralDisposition: 'Auctioned',
      delinquentSince: '2025-11-01',
      chargeOffAmount: '7000',
      chargeOffDate: '2026-01-31',
      maximumBailout: '300.00',
      delinquentPaymentCount: 3,
      daysPastDue: 92,
      lastPaymentAmount: '250.50',
      priorStatusId: '2',
    });
  });

  it.each([[null], [[]], [undefined]])('has no vehicle where the row holds %j', async (base_object) => {
    expect(await ask({ base_object })).toMatchObject({ vehicle: null, vin: null, vehicleId: '5441126' });
  });
});
