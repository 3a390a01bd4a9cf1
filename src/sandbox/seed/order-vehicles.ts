/** The columns of a car in a request. */
const car = (vin: string, year: string, make: string, model: string) => ({
  identification_number: vin,
  vehicle_type_id: 1,
  year,
  make,
  model,
  fuel_type: 'Gasoline',
});

export type VehicleFields = ReturnType<typeof car>;

// The vehicles of documented orders, of which only the last is documented.
export const vehicleOf20 = car('1FAHP3F20CL100020', '2012', 'Ford', 'Focus');
export const vehicleOf28758 = car('2G1WT58K269128758', '2006', 'Chevrolet', 'Impala');
export const vehicleOf57074730 = car('1N4AL3AP8DC174730', '2013', 'Nissan', 'Altima');
export const vehicleOf57074901 = car('WP0AA29898U760244', '2010', 'Nissan', 'Xterra');
